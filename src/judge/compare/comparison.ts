/**
 * One side against another, measure by measure: which differences are more than noise, and which are not shown.
 *
 * Rule: a difference is called one when a test that knows of all the others (Holm) finds it, and when it is large
 * enough to matter: two restarts that differ by less than `least` count as alike, and the other side must be the worse
 * one in so much more than half of the pairs. What is not shown is never called equal; how many restarts would tell is
 * said instead.
 */
import {
  isMet,
  MEASURES,
  type ComparedMeasure,
  type ComparedPair,
  type ComparedSide,
  type Comparison,
  type Measure,
} from '../../model/comparison.ts';
import { boschlooPValue, leastBoschlooPValue } from './boschloo.ts';
import { holmAdjusted, rankTest, restartsToTell, type RankTest } from './exact-tests.ts';
import { shareDifferenceOf, shiftOf, type Interval } from './intervals.ts';
import { comparisonSentence, measureSentence, pairSentence } from './sentences.ts';
import { sidesOf, type Subject } from './sides.ts';

const ERROR_RATE = 0.05;
/**
 * Less than this, or than the share of the middle of all values, is no difference between two restarts: a machine with
 * other things to do makes it.
 */
const LEAST_MS: Readonly<Record<Exclude<Measure, 'dirty'>, number>> = { gap: 5, stall: 10, p99: 5, drain: 20 };
const LEAST_SHARE = 0.1;
/** The other side must be worse in so many more pairs of restarts than it is better in. */
const LEAST_NET = 0.1;
/** Nobody restarts so often only to see a difference so small. */
const MOST_WORTH_RUNNING = 1000;

/** Compares sides that are named in `pairs` as [reference, other]. `warnings` are told with the result. */
export function comparisonOf(
  subjects: readonly Subject[],
  pairs: readonly (readonly [string, string])[],
  warnings: readonly string[] = [],
): Comparison {
  return comparisonOfSides(sidesOf(subjects), pairs, warnings);
}

/** As {@link comparisonOf}, from values that are there already. */
export function comparisonOfSides(
  sides: ComparedSide[],
  pairs: readonly (readonly [string, string])[],
  warnings: readonly string[] = [],
): Comparison {
  const sideOf = (name: string): ComparedSide => {
    const found = sides.find((side) => side.name === name);
    if (found === undefined) throw new Error(`there is no side ${name} to compare`);
    return found;
  };
  const tried = pairs.map(([reference, other]) =>
    MEASURES.map((measure) => trialOf(measure, sideOf(reference), sideOf(other))),
  );
  const family = tried.flat().filter(isTest);
  // As many tests as there would have been if any two restarts had differed.
  const possible = Math.max(1, tried.flat().filter(({ ranks }) => ranks !== null).length);
  const adjusted = new Map(
    holmAdjusted(family.map(({ pValue }) => pValue)).map((p, position) => [family[position] as Trial, p]),
  );
  const compared = tried.map((trials, position): ComparedPair => {
    const [reference, other] = (pairs[position] as readonly [string, string]).map(sideOf) as [
      ComparedSide,
      ComparedSide,
    ];
    const measures = trials.map((trial) => measureOf(trial, reference, other, adjusted.get(trial), family.length));
    const hopeless =
      leastBoschlooPValue(reference.measures.dirty.count, other.measures.dirty.count) * possible > ERROR_RATE;
    const called = (['worse', 'better'] as const).find((wanted) =>
      measures.some(({ measure, outcome: found }) => isMet(measure) && found === wanted),
    );
    const outcome = isDoubtful(reference, other, measures)
      ? 'unclear'
      : (called ?? (hopeless ? 'unclear' : 'not-shown'));
    return {
      reference: reference.name,
      other: other.name,
      outcome,
      measures,
      sentence: pairSentence(reference, other, outcome, measures),
    };
  });
  return {
    errorRate: ERROR_RATE,
    sides,
    pairs: compared,
    warnings: [...warnings],
    sentence: comparisonSentence(compared),
  };
}

/** A harness that was late makes times longer; that more restarts drop requests is the target's doing. */
function isDoubtful(reference: ComparedSide, other: ComparedSide, measures: readonly ComparedMeasure[]): boolean {
  return (
    [reference, other].some(({ doubt }) => doubt !== undefined) &&
    !measures.some(({ measure, outcome }) => measure === 'dirty' && outcome === 'worse')
  );
}

/** A measure of a pair before it is known how many tests there are. */
interface Trial {
  measure: Measure;
  least: number;
  difference: Interval | null;
  ranks: RankTest | null;
  pValue: number | null;
}

function trialOf(measure: Measure, referenceSide: ComparedSide, otherSide: ComparedSide): Trial {
  const [reference, other] = [referenceSide, otherSide].map((side) =>
    side.measures[measure].values.filter((value) => value !== null),
  ) as [number[], number[]];
  const least = leastOf(measure, [...reference, ...other]);
  if (reference.length === 0 || other.length === 0) {
    return { measure, least, difference: null, ranks: null, pValue: null };
  }
  const ranks = rankTest(reference, other, least);
  if (measure !== 'dirty') {
    return { measure, least, difference: shiftOf(reference, other), ranks, pValue: ranks.pValue };
  }
  const [from, to] = [reference, other].map((values) => ({
    count: values.filter((value) => value > 0).length,
    of: values.length,
  })) as [Dirty, Dirty];
  return {
    measure,
    least,
    difference: shareDifferenceOf(from, to),
    ranks,
    pValue: boschlooPValue(from.count, from.of, to.count, to.of),
  };
}

interface Dirty {
  count: number;
  of: number;
}

/** Where no two restarts differ, there is nothing to test; which side they belong to has no part in that. */
function isTest(trial: Trial): trial is Trial & { ranks: RankTest; pValue: number } {
  return trial.ranks !== null && trial.pValue !== null && trial.ranks.spread > 0;
}

/** From all values alike: the limit may not know which side they belong to. */
function leastOf(measure: Measure, values: readonly number[]): number {
  if (measure === 'dirty') return 1;
  const middle = values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
  return Math.max(LEAST_MS[measure], LEAST_SHARE * middle);
}

function measureOf(
  trial: Trial,
  reference: ComparedSide,
  other: ComparedSide,
  adjustedPValue: number | undefined,
  tests: number,
): ComparedMeasure {
  const { measure, least, difference, ranks, pValue } = trial;
  const net = ranks === null ? 0 : ranks.greaterShare - ranks.lessShare;
  const shown = adjustedPValue !== undefined && adjustedPValue <= ERROR_RATE && Math.abs(net) >= LEAST_NET;
  const outcome = ranks === null ? 'not-measured' : !shown ? 'not-shown' : net > 0 ? 'worse' : 'better';
  const compared: Omit<ComparedMeasure, 'sentence'> = {
    measure,
    outcome,
    difference: difference?.estimate ?? null,
    low: difference?.low ?? null,
    high: difference?.high ?? null,
    least,
    worseShare: ranks?.greaterShare ?? null,
    betterShare: ranks?.lessShare ?? null,
    pValue,
    adjustedPValue: pValue === null ? null : (adjustedPValue ?? 1),
    moreRestarts:
      outcome === 'not-shown' && ranks !== null
        ? moreRestartsOf(net, ranks.spread, tests, reference.measures[measure].count, other.measures[measure].count)
        : null,
  };
  return { ...compared, sentence: measureSentence(compared, reference, other) };
}

/** Beyond what both sides have; null where the difference that was seen is none, or too small to be worth it. */
function moreRestartsOf(net: number, spread: number, tests: number, one: number, other: number): number | null {
  if (Math.abs(net) < LEAST_NET) return null;
  const needed = restartsToTell(net, spread, ERROR_RATE / Math.max(1, tests));
  return needed > MOST_WORTH_RUNNING ? null : Math.max(1, needed - Math.min(one, other));
}
