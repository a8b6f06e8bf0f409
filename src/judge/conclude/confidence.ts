/**
 * How sure one can be, in three plain sentences: what was seen, what it proves, what could have gone unnoticed.
 *
 * Rule: only restarts that are known to be done, or that dropped something, count; a restart that may not have happened
 * proves nothing.
 */
import { dueCountBy, dueMsOf, type Pace } from '../../model/pacing.ts';
import type { ArmResult } from '../../model/result.ts';
import type { Counts } from '../../model/outcome.ts';
import { dirtyShareUpperBound } from '../measure/statistics.ts';
import type { Undone } from '../measure/undone.ts';
import { fatesText, msText, quantity, shareText } from './wording.ts';

export type Confidence = ArmResult['confidence'];

/** What one restart counts for. */
export interface RestartEvidence {
  /** It is proven that it happened, and it stayed. */
  done: boolean;
  undone: Undone | null;
  dirty: boolean;
  /** All that it dropped may be the slowness of a busy machine: it counts for nothing. */
  onlySlow?: boolean;
}

/** How far ahead the pattern of due moments is looked at; long enough for any mixture of rates to show itself. */
const LOOK_AHEAD_MS = 10_000;
const MOST_ARRIVALS = 20_000;

/**
 * The shortest gap that a restart cannot hide with 95 % probability: a gap of g ms at a random moment holds a due
 * moment with probability E[min(d, g)] / E[d], d being the times between the due moments of all streams together; this
 * is the g at which that is 0.95. For arrivals evenly spaced at r per second it is 0.95 / r. (A random point falls into
 * an interval in proportion to its length, and a gap that begins in an interval of length d reaches its end with
 * probability min(d, g) / d.) 0 without streams.
 */
export function detectableGapMs(streams: readonly Pace[]): number {
  const betweenMs = timesBetween(streams);
  const wantedMs = 0.95 * betweenMs.reduce((sum, ms) => sum + ms, 0);
  let shorterMs = 0;
  for (const [position, ms] of betweenMs.entries()) {
    const left = betweenMs.length - position;
    if (shorterMs + ms * left >= wantedMs) return (wantedMs - shorterMs) / left;
    shorterMs += ms;
  }
  return 0;
}

/** Ascending times between the due moments of all streams together. */
function timesBetween(streams: readonly Pace[]): number[] {
  if (streams.length === 0) return [];
  const fromMs = Math.max(...streams.map(({ firstDueMs }) => firstDueMs));
  const totalRate = streams.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
  const slowestMs = Math.max(...streams.map(({ ratePerSecond }) => 1000 / ratePerSecond));
  const spanMs = Math.max(2 * slowestMs, Math.min(LOOK_AHEAD_MS, (MOST_ARRIVALS * 1000) / totalRate));
  const due = streams.flatMap((stream) => {
    const first = dueCountBy(stream, fromMs);
    const length = Math.floor((spanMs * stream.ratePerSecond) / 1000) + 1;
    return Array.from({ length }, (_, n) => dueMsOf(stream, first + n));
  });
  due.sort((one, other) => one - other);
  return due
    .slice(1)
    .map((ms, position) => ms - (due[position] as number))
    .sort((one, other) => one - other);
}

/** What an arm's restarts prove. `dropped` are the counts of all windows, `pace` the streams of one session. */
export function confidenceOf(restarts: readonly RestartEvidence[], dropped: Counts, pace: readonly Pace[]): Confidence {
  const dirty = restarts.filter((restart) => restart.dirty).length;
  const counted = restarts.filter((restart) => restart.dirty || restart.done).length;
  const dirtyUpper95 = dirtyShareUpperBound(dirty, counted);
  const unproven = restarts.filter(
    (restart) => !restart.done && !restart.dirty && restart.onlySlow !== true && !isUndone(restart),
  ).length;
  const gapMs = detectableGapMs(pace);
  const ratePerSecond = pace.reduce((sum, stream) => sum + stream.ratePerSecond, 0);
  const sentences: Confidence['sentences'] = [
    `${seenSentence(
      restarts.length,
      restarts.length - unproven,
      dirty,
      dropped,
    )}${undoneText(restarts)}${slowText(restarts)}` +
      (unproven === 0 ? '' : ` ${quantity(unproven, 'restart')} could not be proven to have happened.`),
    provenSentence(restarts, counted, dirty, dirtyUpper95),
    missedSentence(gapMs, ratePerSecond),
  ];
  return { restarts: counted, dirty, dirtyUpper95, detectableGapMs: gapMs, sentences };
}

/** Of a target that ignored the signal it is only known that no successor serves. */
const isUndone = ({ undone }: RestartEvidence): boolean => undone !== null && undone !== 'ignored';

function undoneText(restarts: readonly RestartEvidence[]): string {
  const undone = restarts.filter(isUndone).length;
  if (undone === 0) return '';
  const what =
    undone < restarts.length
      ? `${quantity(undone, 'restart')} ${undone === 1 ? 'was' : 'were'} not done`
      : undone === 1
        ? 'The restart was not done'
        : `None of the ${undone} restarts was done`;
  return ` ${what}: what was there before is still there.`;
}

function slowText(restarts: readonly RestartEvidence[]): string {
  const slow = restarts.filter(({ onlySlow }) => onlySlow === true).length;
  return slow === 0
    ? ''
    : ` ${quantity(slow, 'restart')} with nothing but timeouts could not be judged: the machine was too busy.`;
}

function seenSentence(restarts: number, known: number, dirty: number, dropped: Counts): string {
  if (restarts === 0) return 'No restart was seen.';
  const touched = `${quantity(dropped.due, 'request')} touched by ${quantity(restarts, 'restart')}`;
  if (dirty === 0 && dropped.lost === 0) {
    return (
      `All ${touched} were ` +
      `answered${dropped.unsent > 0 ? `, but for ${dropped.unsent} that zerodrop itself did not send` : ''}.`
    );
  }
  const fates = fatesText([
    [dropped.lost, 'lost'],
    [dropped.raced, 'raced'],
    [dropped.rejected, 'rejected'],
    [dropped.failed, 'answered wrongly'],
  ]);
  if (dirty === 0) return `Of ${touched}, ${fates}, all of them timeouts.`;
  return `Of ${touched}, ${fates}; ${dirty} of ${quantity(known, 'restart')} dropped requests.`;
}

function provenSentence(restarts: readonly RestartEvidence[], counted: number, dirty: number, upper: number): string {
  if (restarts.length > 0 && restarts.every(isUndone)) {
    return 'No restart was done, so nothing is known about one that is.';
  }
  if (counted === 0) return 'Nothing is proven: there was no restart that is known to have happened.';
  if (dirty === 0) return `With 95 % confidence fewer than ${shareText(upper)} of restarts drop requests.`;
  if (dirty === counted) {
    return (
      `Every restart ${restarts.length === counted ? '' : 'that could be judged '}dropped requests. Expect ` +
      'the next one to do so too.'
    );
  }
  return `With 95 % confidence fewer than ${shareText(upper)} of restarts drop requests.`;
}

function missedSentence(gapMs: number, ratePerSecond: number): string {
  if (ratePerSecond === 0) return 'Any outage could have gone unnoticed: no requests were sent.';
  return `An outage shorter than ${msText(gapMs)} could have gone unnoticed.`;
}
