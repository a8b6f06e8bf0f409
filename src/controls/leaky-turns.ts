/**
 * Which fault is due on which request.
 *
 * Rule: multiples of the golden ratio, modulo 1, are spread evenly and in step with nothing: every stream meets every
 * fault.
 */
import type { Leak, LeakPlan } from './leaks.ts';

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Returns what says which fault is due on the next request; undefined for a good answer. */
export function openTurns({ leaks, share }: LeakPlan): () => Leak | undefined {
  let requests = 0;
  let committed = 0;
  return () => {
    const leak = (requests * GOLDEN_RATIO) % 1 < share ? leaks[committed % leaks.length] : undefined;
    requests += 1;
    if (leak !== undefined) committed += 1;
    return leak;
  };
}
