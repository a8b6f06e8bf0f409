/**
 * How a process ended, judged and in words.
 *
 * Rule: code 0 and the end that we asked for are clean; everything else is said as it was.
 */
import { constants } from 'node:os';
import type { Exit } from '../model/event.ts';

/** How an exit reads in a sentence. */
export function exitText(exit: Exit): string {
  if (exit.by === 'signal') return `by ${exit.signal}`;
  return exit.code === undefined ? 'with an exit code that only its parent knows' : `with exit code ${exit.code}`;
}

/**
 * Code 0, the end that a signal of ours asked for, or the code that shells make of it; `anySignal` when others may have
 * sent one.
 */
export function isExpectedExit(exit: Exit, signals: ReadonlySet<string>, anySignal = false): boolean {
  if (exit.by === 'signal') return anySignal || signals.has(exit.signal as string);
  const code = exit.code ?? 0;
  const numbers = constants.signals as Readonly<Record<string, number>>;
  return (
    code === 0 || [...signals].some((signal) => code === 128 + (numbers[signal] ?? 0)) || (anySignal && code > 128)
  );
}

/** A last look at what a process said, for a sentence. */
export function lastLinesText(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `; it wrote: ${lines.slice(-3).join(' | ')}`;
}
