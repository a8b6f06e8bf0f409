/**
 * What doctor says of one property of the machine.
 *
 * Rule: a closed set of levels. `warn` is worth knowing and lets a run be fit; `problem` makes runs inconclusive or
 * wrong. Both say what to do.
 */
export const LEVELS = ['ok', 'warn', 'problem'] as const;
export type Level = (typeof LEVELS)[number];

export interface Check {
  /** Stable, such as `ports`; CI jobs read it. */
  name: string;
  level: Level;
  /** What was found, with values, as a part of a sentence. */
  found: string;
  /** What to do, in one sentence; empty when nothing is to be done. */
  todo: string;
}

/** A check; the first of `grades` whose condition holds gives its level and what to do, none of them means ok. */
export function check(
  name: string,
  found: string,
  ...grades: [holds: boolean, level: 'warn' | 'problem', todo: string][]
): Check {
  const grade = grades.find(([holds]) => holds);
  return grade === undefined
    ? { name, level: 'ok', found, todo: '' }
    : { name, level: grade[1], found, todo: grade[2] };
}

/** The worst level of some checks. */
export function worstOf(checks: readonly Check[]): Level {
  return LEVELS.findLast((level) => checks.some((check) => check.level === level)) ?? 'ok';
}
