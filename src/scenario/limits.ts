/**
 * How large a scenario may be.
 *
 * Rule: far above what anybody writes by hand, and small enough that all its problems are found within a second.
 */
import type { Problem } from './wording.ts';

/** Of a file. */
export const MOST_BYTES = 256 * 1024;
/** Of maps, lists and plain values, with everything that an alias or a merge stands for. */
const MOST_VALUES = 5000;
/** Steps in a rollback in an arm are the deepest that has a meaning. */
const MOST_DEEP = 32;

/** More arms than this are nobody's intention. */
export const MOST_ARMS = 64;
/** Of a file that is all wrong, these are enough to begin with. */
export const MOST_PROBLEMS = 100;

/** What is too much in a value; undefined when it is not. A ring in a value written in code is deep without end. */
export function excessOf(source: unknown): Problem | undefined {
  let values = 0;
  const visit = (value: unknown, depth: number): string | undefined => {
    values += 1;
    if (values > MOST_VALUES) return `expected at most ${MOST_VALUES} values, got more`;
    if (depth > MOST_DEEP) return `expected at most ${MOST_DEEP} levels, got more`;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const inner of Object.values(value)) {
      const text = visit(inner, depth + 1);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const text = visit(source, 0);
  return text === undefined ? undefined : { path: [], text };
}
