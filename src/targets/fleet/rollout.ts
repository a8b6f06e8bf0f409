/**
 * How many instances a rolling update starts and ends next.
 *
 * Rule: pure, and as the controller of a Deployment decides: never more than replicas + surge that are not on their way
 * out, never fewer available than replicas - unavailable; old ones that are not available go first.
 */
export interface RolloutCounts {
  replicas: number;
  surge: number;
  unavailable: number;
  /** Instances that are not on their way out. */
  fresh: { total: number; available: number };
  old: { total: number; available: number };
}

export interface RolloutMove {
  start: number;
  /** Old ones to end that are not available. */
  endIll: number;
  /** Old ones to end that are. */
  endWell: number;
  done: boolean;
}

/** The next move. */
export function rolloutMoveOf({ replicas, surge, unavailable, fresh, old }: RolloutCounts): RolloutMove {
  const start = Math.max(0, Math.min(replicas + surge - fresh.total - old.total, replicas - fresh.total));
  const least = replicas - unavailable;
  const mayEnd = Math.max(0, old.total + fresh.available - least);
  const endIll = Math.min(mayEnd, old.total - old.available);
  const endWell = Math.max(0, Math.min(old.available, mayEnd - endIll, fresh.available + old.available - least));
  return { start, endIll, endWell, done: old.total === 0 && fresh.available >= replicas };
}
