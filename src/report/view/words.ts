/**
 * Numbers and names as people read them.
 *
 * Rule: the words of the judge, so that a report and a finding say the same number alike; here only what reports need
 * besides.
 */
import { msText } from '../../judge/conclude/wording.ts';
import type { Exit, RestartMoment } from '../../model/event.ts';
import { OUTCOMES, type Counts, type Outcome } from '../../model/outcome.ts';
import type { Verdict } from '../../model/expect.ts';
import type { View } from './view.ts';

export { listText, msText, quantity, shareText } from '../../judge/conclude/wording.ts';

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
};

/** What the verdict on a difference says. */
const DIFFERENCE_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'nothing that a client meets is shown to be worse than the first',
  fail: 'something is worse than the first',
  inconclusive: 'undecided',
};

/**
 * What stands beside the verdict: whether it was expected, or what it is about. Null where nothing but a pass was asked
 * for.
 */
export function remarkOf({
  judged,
  verdict,
  asExpected,
  arms,
}: Pick<View, 'judged' | 'verdict' | 'asExpected' | 'arms'>): string | null {
  if (judged === 'pairs') return DIFFERENCE_WORDS[verdict];
  if (!arms.some(({ expectsMore }) => expectsMore)) return null;
  if (!asExpected) return 'not what the scenario expects';
  return verdict === 'pass' ? null : 'as the scenario expects';
}

/**
 * What a pass owes to the clients that restarts slowed, such as `but clients waited up to 1.2 s`; null where none were,
 * and beside another verdict, which has its reasons.
 */
export function slowedText({ judged, verdict, arms }: Pick<View, 'judged' | 'verdict' | 'arms'>): string | null {
  const slowed = arms.filter((arm) => arm.slowed);
  if (judged === 'pairs' || verdict !== 'pass' || slowed.length === 0) return null;
  return `but clients waited up to ${msText(Math.max(...slowed.map(({ longestWaitMs }) => longestWaitMs)))}`;
}

/** The phase that begins with a moment. */
export const PHASE_WORDS: Readonly<Record<RestartMoment, string>> = {
  began: 'began',
  frozen: 'old one frozen',
  signalled: 'signalled',
  'not-accepting': 'old one not accepting',
  listening: 'successor listening',
  ready: 'successor ready',
  gone: 'old one gone',
  completed: 'completed',
  settled: 'settled',
};

/** A count with its thousands apart, such as `20,000`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** How long a run took, such as `850 ms`, `12 s` or `2 min 5 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return msText(ms);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How many restarts dropped requests, such as `2 of 20`, and how many were not done, such as `0 of 3, 3 not done`. */
export function dirtyText({
  dirtyRestarts,
  restarts,
}: {
  dirtyRestarts: number;
  restarts: readonly { undone: string | null }[];
}): string {
  const undone = restarts.filter((restart) => restart.undone !== null).length;
  return `${dirtyRestarts} of ${restarts.length}${undone === 0 ? '' : `, ${undone} not done`}`;
}

/** A size, such as `12 kB` or `1.2 MB`. */
export function bytesText(bytes: number): string {
  if (Math.abs(bytes) < 1000) return `${Math.round(bytes)} B`;
  if (Math.abs(bytes) < 1e6) return `${Number((bytes / 1e3).toPrecision(3))} kB`;
  return `${Number((bytes / 1e6).toPrecision(3))} MB`;
}

/** How a process ended, such as `code 0` or `SIGKILL, forced`. */
export function exitText(exit: Exit | null): string {
  if (exit === null) return 'not seen';
  const how = exit.by === 'code' ? `code ${exit.code ?? 'unknown'}` : (exit.signal ?? 'a signal');
  return exit.forced ? `${how}, forced` : how;
}

/** The outcomes that are no answers and did occur, such as `950 refused, 5 raced`; empty when all was answered. */
export function problemsText(counts: Counts): string {
  return problemsOf(counts)
    .map((outcome) => `${countText(counts[outcome])} ${outcome}`)
    .join(', ');
}

/** The outcomes other than answered that did occur, in the order in which they are shown. */
export function problemsOf(counts: Counts): Outcome[] {
  return OUTCOMES.filter((outcome) => outcome !== 'answered' && counts[outcome] > 0);
}
