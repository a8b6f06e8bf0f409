/**
 * The judgement of one step of a canary: the new set by its own traffic, against the old set of the same moments.
 *
 * Rule: pure. Worse by more than chance (Fisher's exact test) is a fail; a pass must be shown, by a bound of the share
 * of failures; what is neither is inconclusive. A difference in latency must be one that people would mind, too.
 */
import type { CanaryAnswer, SetFacts, StepFacts } from '../../model/canary.ts';
import { quantileOf } from '../../model/quantile.ts';
import { fisherPValue } from '../compare/exact-tests.ts';
import { dirtyShareUpperBound, restartsNeeded } from '../measure/statistics.ts';
import { msText, quantity } from './wording.ts';

/** Several steps are judged in each restart: each alone may raise a false alarm once in a thousand times. */
const LEVEL = 0.001;
const CONFIDENCE = 0.95;
/** Slower is what exceeds the old set's median, or its 99th percentile, so clearly. */
const SLOWER_FACTOR = 2;
const SLOWER_MS = 50;
/**
 * The measured share may be off by so many standard deviations, and by what it takes to get through to the front door.
 */
const SHARE_DEVIATIONS = 4;
const SHARE_SLACK = 0.05;

/** The judgement of a step. */
export function canaryAnswerOf({ fresh, old, unplaced, errorsBelow, share }: StepFacts): CanaryAnswer {
  const seen =
    `The new set answered ${fresh.requests - fresh.failures} of ${quantity(fresh.requests, 'request')}, the old ` +
    `set ${old.requests - old.failures} of ${old.requests}`;
  const failing = isWorse(fresh.failures, fresh.requests, old.failures, old.requests);
  if (failing !== undefined) {
    return {
      verdict: 'fail',
      message: `${seen}: the new one fails more often than chance explains (p ${pText(failing)}).`,
      hint: 'Look at the failures of the new set in the report and correct the new version; the old set serves on.',
    };
  }
  const slow = slownessOf(fresh, old, errorsBelow);
  if (slow !== undefined) {
    return {
      verdict: 'fail',
      message: `${seen}, but ${slow}`,
      hint: 'Find out what makes the new version slower; the old set serves on.',
    };
  }
  const bound = fresh.requests === 0 ? 1 : dirtyShareUpperBound(fresh.failures, fresh.requests, CONFIDENCE);
  if (bound > errorsBelow) {
    return {
      verdict: 'inconclusive',
      message: `${seen}: too little to show that fewer than ${percentText(errorsBelow)} fail.`,
      hint:
        `Give the step longer, or more traffic: it takes ${restartsNeeded(CONFIDENCE, errorsBelow)} requests of ` +
        'the new set, none of which fails.',
    };
  }
  // All of them may be the new set's.
  if (
    unplaced > 0 &&
    dirtyShareUpperBound(fresh.failures + unplaced, fresh.requests + unplaced, CONFIDENCE) > errorsBelow
  ) {
    return {
      verdict: 'inconclusive',
      message:
        `${seen}; ${unplaced} more failed at an unknown instance: if it belongs to the new set, they are too ` +
        `many to show that fewer than ${percentText(errorsBelow)} fail.`,
      hint:
        "Look at these failures in the report: when the old set alone has none of them, they are the new one's. " +
        'fleet.front: embedded records the set of each connection.',
    };
  }
  const measured = shareOf(fresh, old);
  if (
    share !== undefined &&
    measured !== undefined &&
    Math.abs(measured.share - share) > SHARE_DEVIATIONS * Math.sqrt((share * (1 - share)) / measured.of) + SHARE_SLACK
  ) {
    return {
      verdict: 'inconclusive',
      message:
        `${seen}. That is ${percentText(measured.share)} of new connections for the new set, where ` +
        `${percentText(share)} were asked for.`,
      hint:
        'Let clients open new connections (connection: new), and see whether the front door has enough ready ' +
        'instances to send them to.',
    };
  }
  const met =
    measured === undefined
      ? ''
      : `, ${percentText(measured.share)} of new ` +
        `connections${share === undefined ? '' : ` where ${percentText(share)} were asked for`}`;
  return {
    verdict: 'pass',
    message: `${seen}${met}; fewer than ${percentText(bound)} fail, with 95% confidence.`,
    hint: '',
  };
}

/** The p-value when the first share is larger by more than chance; otherwise undefined. */
function isWorse(count: number, of: number, otherCount: number, otherOf: number): number | undefined {
  if (of === 0 || otherOf === 0 || count / of <= otherCount / otherOf) return undefined;
  const p = fisherPValue(count, of, otherCount, otherOf);
  return p < LEVEL ? p : undefined;
}

/**
 * What is slower in the new set: the usual answer, or the slow ones. A process that has just started is slow for its
 * first requests: as many may be slow as may fail.
 */
function slownessOf(fresh: SetFacts, old: SetFacts, tolerated: number): string | undefined {
  if (old.latenciesMs.length === 0) return undefined;
  for (const quantile of [0.5, 0.99]) {
    const usualMs = quantileOf(old.latenciesMs, quantile);
    const limitMs = Math.max(usualMs * SLOWER_FACTOR, usualMs + SLOWER_MS);
    const above = ({ latenciesMs }: SetFacts): number => latenciesMs.filter((ms) => ms > limitMs).length;
    const [slow, slowOld] = [above(fresh), above(old)];
    const p = isWorse(slow, fresh.latenciesMs.length, slowOld, old.latenciesMs.length);
    if (p === undefined || slow <= tolerated * fresh.latenciesMs.length) continue;
    const own = ({ latenciesMs }: SetFacts): string => msText(quantileOf(latenciesMs, quantile));
    const name = quantile === 0.5 ? 'median' : 'p99';
    return (
      `${slow} of ${fresh.latenciesMs.length} of its answers took longer than ${msText(limitMs)}, and ${slowOld} ` +
      `of ${old.latenciesMs.length} of the old one's (${name} ${own(fresh)} against ${own(old)}; p ${pText(p)}).`
    );
  }
  return undefined;
}

/** By latencies, for these are of new connections only: kept-alive ones stay where they are. */
function shareOf(fresh: SetFacts, old: SetFacts): { share: number; of: number } | undefined {
  const of = fresh.latenciesMs.length + old.latenciesMs.length;
  return of === 0 ? undefined : { share: fresh.latenciesMs.length / of, of };
}

const pText = (p: number): string => (p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}`);
const percentText = (share: number): string => `${Number((share * 100).toPrecision(2))}%`;
