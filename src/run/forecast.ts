/**
 * How long a run will take, in words, before it begins and once a restart has been timed.
 *
 * Rule: what is not known yet is not guessed: before the first restart there is only a least time.
 */
import { durationText, quantity } from '../report/view/words.ts';

export interface PlannedRestarts {
  restarts: number;
  /** Undisturbed time before and after each. */
  quietMs: number;
}

/** Such as `59 restarts, at least 2 min`, or `3 arms with 15 restarts, at least 15 s`. */
export function forecastOf(arms: readonly PlannedRestarts[]): string {
  const restarts = arms.reduce((sum, arm) => sum + arm.restarts, 0);
  const leastMs = arms.reduce((sum, arm) => sum + arm.restarts * 2 * arm.quietMs, 0);
  return (
    `${arms.length > 1 ? `${arms.length} arms with ` : ''}${quantity(restarts, 'restart')}, at least ` +
    durationText(roundedMs(leastMs))
  );
}

/**
 * What the restarts that are left will take when they go like the one that took `oneMs`, such as `58 more restarts,
 * about 2 min`.
 */
export function remainderOf(restarts: number, oneMs: number): string {
  return (
    `${restarts} more ${restarts === 1 ? 'restart' : 'restarts'}, about ` + durationText(roundedMs(restarts * oneMs))
  );
}

/** Rounded as one would say it: to seconds, beyond a minute to ten of them, beyond ten to minutes. */
function roundedMs(ms: number): number {
  const stepMs = ms < 60_000 ? 1000 : ms < 600_000 ? 10_000 : 60_000;
  return Math.max(1000, Math.round(ms / stepMs) * stepMs);
}
