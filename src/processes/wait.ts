/**
 * Waiting for something that can only be seen by looking.
 *
 * Rule: every wait has a limit, and ends at once when the target is being closed. A look that hangs is given up at the
 * limit, so that whoever waits can still say what was seen before.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Time between two looks, ms. */
export const LOOK_EVERY_MS = 15;

/** Node's timers know no longer one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Looks until there is an outcome; undefined when `limitMs` have passed before, or `ended` was aborted. */
export async function untilOutcome<T>(
  look: () => T | undefined | Promise<T | undefined>,
  limitMs: number,
  ended?: AbortSignal,
): Promise<T | undefined> {
  const endMs = performance.now() + limitMs;
  const clock = new AbortController();
  const over = delay(Math.min(limitMs, LONGEST_TIMER_MS), undefined, { signal: clock.signal }).catch(() => undefined);
  try {
    while (ended?.aborted !== true) {
      const outcome = await Promise.race([look(), over]);
      if (outcome !== undefined) return outcome;
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return undefined;
      await delay(Math.min(LOOK_EVERY_MS, leftMs));
    }
  } finally {
    clock.abort();
  }
  return undefined;
}

/** Looks until `condition` holds: true; false when `limitMs` have passed before, or `ended` was aborted. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
  ended?: AbortSignal,
): Promise<boolean> {
  return (await untilOutcome(async () => (await condition()) || undefined, limitMs, ended)) === true;
}
