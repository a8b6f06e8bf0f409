/**
 * A rolling update, done.
 *
 * Rule: what is started and ended next is decided by rollout.ts; here it is done, looked at again, and given up when
 * nothing goes on for too long. A new instance that keeps exiting on its own is no progress, and nothing else, as for a
 * Deployment.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../../model/control.ts';
import { rollingLimitsOf, type Rolling } from '../../model/rolling.ts';
import { rolloutMoveOf } from './rollout.ts';
import { members, type FleetState, type Replica } from './state.ts';

const LOOK_EVERY_MS = 20;

export interface RollActs {
  start(): Promise<Replica>;
  end(replica: Replica): Promise<void>;
}

/** Replaces every old instance, until it is told to stop. Rejects with StepFailure. */
export async function roll(
  state: FleetState,
  rolling: Rolling,
  { start, end }: RollActs,
  stopped: AbortSignal,
): Promise<void> {
  const { replicas } = state.fleet;
  const limits = rollingLimitsOf(rolling, replicas);
  const minReadyMs = rolling.minReadySeconds * 1000;
  const deadlineMs = rolling.progressDeadlineSeconds * 1000;
  const isAvailable = (replica: Replica): boolean =>
    replica.ready && performance.now() - replica.readySinceMs >= minReadyMs;
  const endings: Promise<void>[] = [];
  let progressMs = performance.now();
  let most = 0;
  while (!state.closing.aborted && !stopped.aborted) {
    const [fresh, old] = [members(state, 'new'), members(state, 'old')];
    const available = fresh.filter(isAvailable).length;
    if (available > most) {
      most = available;
      progressMs = performance.now();
    }
    const move = rolloutMoveOf({
      replicas,
      ...limits,
      fresh: { total: fresh.length, available },
      old: { total: old.length, available: old.filter(isAvailable).length },
    });
    if (move.done) break;
    if (performance.now() - progressMs > deadlineMs) {
      throw new StepFailure(
        `The rollout made no progress for progressDeadlineSeconds (${rolling.progressDeadlineSeconds} s): ` +
          `${available} of ${replicas} new instances were available.${lastWordsText(state)}`,
        'Look at the readiness probe and the output of the new instances, or allow more time. The old ' +
          'instances that are left go on serving.',
      );
    }
    for (let started = 0; started < move.start; started += 1) await start();
    const ill = old.filter((replica) => !isAvailable(replica)).slice(0, move.endIll);
    const well = old.filter(isAvailable).slice(0, move.endWell);
    for (const replica of [...ill, ...well]) {
      const ending = end(replica);
      // It is awaited below; until then its failure is nobody's.
      ending.catch(() => undefined);
      endings.push(ending);
    }
    if (move.start + ill.length + well.length > 0) progressMs = performance.now();
    await delay(LOOK_EVERY_MS, undefined, { ref: false });
  }
  await Promise.all(endings);
}

/** What a new instance that keeps exiting on its own said last, as a further sentence; nothing when there is none. */
export function lastWordsText(state: FleetState): string {
  const crashing = members(state, 'new').find(({ ready, lastWords }) => !ready && lastWords !== undefined);
  return crashing === undefined ? '' : ` ${crashing.lastWords}; that was its attempt ${crashing.crashes}.`;
}
