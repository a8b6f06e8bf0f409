/**
 * What went wrong with the sentinels of one kind, in few words.
 *
 * Rule: pure; alike problems are told once, with how many met them.
 */
import type { SentinelName } from '../../model/sentinel.ts';

/** One line for each different problem. `count` is how many were to be placed. */
export function summed(name: SentinelName, count: number, problems: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const problem of problems) times.set(problem, (times.get(problem) ?? 0) + 1);
  return [...times].map(([problem, met]) => `${name}: ${met} of ${count} could not be put in place: ${problem}`);
}
