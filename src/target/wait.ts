/**
 * Waiting for something that can only be seen by looking.
 *
 * Rule: every wait has a limit, and ends at once when the target is being closed.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Time between two looks, ms. */
export const LOOK_EVERY_MS = 15;

/** Looks until there is an outcome; undefined when `limitMs` have passed before, or `ended` was aborted. */
export async function untilOutcome<T>(look: () => T | undefined | Promise<T | undefined>, limitMs: number, ended?: AbortSignal): Promise<T | undefined> {
  const endMs = performance.now() + limitMs;
  while (ended?.aborted !== true) {
    const outcome = await look();
    if (outcome !== undefined) return outcome;
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return undefined;
    await delay(Math.min(LOOK_EVERY_MS, leftMs));
  }
  return undefined;
}

/** Looks until `condition` holds: true; false when `limitMs` have passed before, or `ended` was aborted. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs: number, ended?: AbortSignal): Promise<boolean> {
  return (await untilOutcome(async () => (await condition()) || undefined, limitMs, ended)) === true;
}
