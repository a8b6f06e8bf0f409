/**
 * A finding before its arm is known to it.
 *
 * Rule: `restart` is set when exactly one restart is concerned.
 */
import type { Finding } from '../../../model/result.ts';
import type { Window } from '../../measure/windows.ts';

export type ArmFinding = Omit<Finding, 'arm'>;

/** The index of the restart that is concerned, when it is only one. */
export function onlyRestart(concerned: readonly { window: Window }[]): { restart?: number } {
  const [first, ...others] = concerned;
  return first === undefined || others.length > 0 ? {} : { restart: first.window.restart.index };
}

/** `restart 3`, `restarts 1, 2 and 5`, `5 restarts` when there are many; restarts are counted from 1 in words. */
export function restartsText(concerned: readonly { window: Window }[]): string {
  const numbers = concerned.map(({ window }) => window.restart.index + 1);
  if (numbers.length === 1) return `restart ${numbers[0]}`;
  if (numbers.length > 6) return `${numbers.length} restarts`;
  return `restarts ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
