/**
 * A comparison: arms of one run, or of several runs, measure by measure, as it stands in result.json.
 *
 * Rule: a contract, as result.ts. Greater is worse in all measures.
 */

/** What is compared, restart by restart. */
export const MEASURES = ['dirty', 'gap', 'stall', 'p99', 'drain'] as const;
/**
 * dirty: 1 when the restart dropped anything, otherwise 0; gap: the longest time without an answer to a fresh arrival;
 * stall: the time lost in stalls; p99: the 99th percentile of the answers in the window; drain: from the signal until
 * the old instance was gone. All but dirty in ms.
 */
export type Measure = (typeof MEASURES)[number];

/**
 * What a client can meet; it alone makes a side worse or better. How long an old instance takes to leave is told, and
 * fails nobody.
 */
export function isMet(measure: Measure): boolean {
  return measure !== 'drain';
}

/** One arm of one run, as it is compared. */
export interface ComparedSide {
  /** Unique in its comparison: the arm's name, or the run's, or both. */
  name: string;
  arm: string;
  /** Where the run lies, or the moment of its start; null for an arm of the run that holds this comparison. */
  run: string | null;
  strategy: string;
  /** Why its times say little, such as that the harness was late; absent when they are sound. */
  doubt?: string;
  measures: Record<Measure, SideValues>;
}

/** The values of one side. */
export interface SideValues {
  /**
   * One for each restart of the arm, in their order; null where it could not be measured, or the restart was not
   * proven.
   */
  values: (number | null)[];
  /** How many of them were measured. */
  count: number;
  /**
   * The median with its 95 % interval; for dirty the share of dirty restarts. Null without values; the bounds are null
   * with too few.
   */
  middle: number | null;
  low: number | null;
  high: number | null;
}

/**
 * What one measure says about a pair. `worse` and `better`: the other side is so, beyond noise. `not-shown`: no
 * difference was shown, which is not to say that there is none. `not-measured`: one side has no values.
 */
export type ComparedOutcome = 'worse' | 'better' | 'not-shown' | 'not-measured';

/** One measure of one pair. */
export interface ComparedMeasure {
  measure: Measure;
  outcome: ComparedOutcome;
  /**
   * Other less reference, with its 95 % interval: the Hodges-Lehmann shift in ms, or the difference of the shares of
   * dirty restarts.
   */
  difference: number | null;
  low: number | null;
  high: number | null;
  /** The least difference between two restarts that counts as one, in the measure's unit. */
  least: number;
  /** Shares of the pairs of restarts in which the other side's is worse, or better, by at least `least`. */
  worseShare: number | null;
  betterShare: number | null;
  /** Of Boschloo's test (dirty) or the Mann-Whitney test, two-sided, before and after Holm's correction. */
  pValue: number | null;
  adjustedPValue: number | null;
  /**
   * Restarts that each side would need beyond those it has to show the difference that was seen, in 4 of 5 comparisons;
   * null where that tells nothing.
   */
  moreRestarts: number | null;
  /** All this in one sentence. */
  sentence: string;
}

/** One side against its reference. */
export interface ComparedPair {
  /** Names of sides. */
  reference: string;
  other: string;
  /**
   * `worse` when any measure that a client can meet ({@link isMet}) is; otherwise `better` when any is. `unclear`: so
   * few restarts that even the clearest difference could not be shown, or a side whose times say little ({@link
   * ComparedSide.doubt}), unless it is worse in dropped requests, which are counted all the same.
   */
  outcome: 'worse' | 'better' | 'not-shown' | 'unclear';
  /** One for each measure, in the order of {@link MEASURES}. */
  measures: ComparedMeasure[];
  sentence: string;
}

export interface Comparison {
  /** The probability of calling any difference that is not there, over all tests of this comparison. */
  errorRate: number;
  sides: ComparedSide[];
  pairs: ComparedPair[];
  /** What makes the comparison doubtful, such as another machine; one sentence each. */
  warnings: string[];
  /** The answer in a sentence or two. */
  sentence: string;
}
