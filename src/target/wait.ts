/**
 * Waiting for something that can only be seen by looking.
 *
 * Rule: every wait has a limit, and ends at once when the target is being closed.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Time between two looks, ms. */
export const LOOK_EVERY_MS = 15;

/** Looks until `condition` holds: true; false when `limitMs` have passed before, or `ended` was aborted. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs: number, ended?: AbortSignal): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (ended?.aborted !== true) {
    if (await condition()) return true;
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return false;
    await delay(Math.min(LOOK_EVERY_MS, leftMs));
  }
  return false;
}
