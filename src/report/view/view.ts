/**
 * What every report shows, already counted and in words, so that page, picture, text and XML only lay it out.
 *
 * Rule: plain data. No layout decides a number, and no number is left to a layout to work out.
 */
import type { ComparedOutcome, ComparedPair, Measure } from '../../model/comparison.ts';
import type { RestartMoment } from '../../model/event.ts';
import type { Counts, Outcome } from '../../model/outcome.ts';
import type { Verdict } from '../../model/expect.ts';

/** One line of a list of facts. `ok` is null where nothing is judged. */
export interface Fact {
  label: string;
  value: string;
  ok: boolean | null;
  note?: string;
}

export interface FindingView {
  code: string;
  severity: 'fail' | 'inconclusive' | 'note';
  arm: string;
  /** Number of the restart as people count, from 1; null when it is about the whole arm. */
  restart: number | null;
  message: string;
  hint: string;
}

/**
 * Counts and latencies in buckets of equal width, one value a bucket. Null where no traffic ran or nothing was
 * answered. The worst answer of each bucket is kept, so no bucket hides a spike.
 */
export interface Series {
  /** Start of the first bucket, ms since the run's start. */
  fromMs: number;
  bucketMs: number;
  offeredPerSecond: (number | null)[];
  answeredPerSecond: (number | null)[];
  medianMs: (number | null)[];
  worstMs: (number | null)[];
}

/**
 * What clients met around the signal, over all restarts of an arm overlaid: in buckets of equal width, by
 * the moment when a request was due. Null where nothing was due, or nothing answered.
 */
export interface Profile {
  /** Start of the first bucket, ms after the signal. */
  fromMs: number;
  bucketMs: number;
  /** Share of the requests due that were answered, from 0 to 1. */
  answeredShare: (number | null)[];
  medianMs: (number | null)[];
  worstMs: (number | null)[];
}

/** One generation of the target. Stretches are ms since the run's start, in the order of time. */
export interface InstanceView {
  /** As its kind of target calls it; empty when not known. */
  label: string;
  /** As people count, from 1, within its arm. */
  number: number;
  stretches: { state: InstanceState; fromMs: number; toMs: number }[];
  /** False when it was still there when its session ended. */
  gone: boolean;
}

export type InstanceState = 'starting' | 'serving' | 'draining';

/** One restart. Moments are ms since the run's start. */
export interface RestartView {
  /** As people count, from 1. */
  number: number;
  signalledAtMs: number;
  fromMs: number;
  toMs: number;
  moments: { moment: RestartMoment; atMs: number }[];
  dirty: boolean;
  proven: boolean;
  completed: boolean;
  /** `not done` or `rolled back`, when what served before serves on. */
  undone: string | null;
  counts: Counts;
  readyMs: number | null;
  drainMs: number | null;
  gapMs: number;
  spikes: number;
  worstMs: number;
  exit: string;
  steps: { text: string; took: string; problem: string | null }[];
}

export interface StallView {
  atMs: number;
  lastedMs: number;
  answers: number;
  worstMs: number;
  restart: number | null;
}

export interface ThresholdView {
  name: string;
  limit: string;
  measured: string | null;
  ok: boolean;
}

export interface LatencyView {
  where: string;
  count: number;
  p50: string;
  p90: string;
  p99: string;
  p999: string;
  max: string;
}

export interface ArmView {
  name: string;
  strategy: string;
  verdict: Verdict;
  expect: Verdict;
  asExpected: boolean;
  /** Whether the scenario expects something else than a mere pass. */
  expectsMore: boolean;
  /** Why it is not as expected, one sentence each. */
  surprises: string[];
  /** What was seen, what it proves, what could have been missed. */
  sentences: [string, string, string];
  counts: Counts;
  streams: { name: string; counts: Counts }[];
  sentinels: { name: string; counts: Counts }[];
  thresholds: ThresholdView[];
  latency: LatencyView[];
  /** 0 when there is none. */
  spikeLimitMs: number;
  longestGapMs: number;
  longestWaitMs: number;
  /** Time in the stalls that touched restarts. */
  stalledMs: number;
  /** Whether restarts made clients wait clearly longer than quiet time did. */
  slowed: boolean;
  restarts: RestartView[];
  dirtyRestarts: number;
  /** The bound of the share of dirty restarts, in words. */
  confidence: string;
  stalls: StallView[];
  hygiene: Fact[];
  controls: Fact[];
  harness: Fact[];
  instances: InstanceView[];
  /**
   * One series for each session, a stretch of the run in which the arm was under load; and one for each restart's
   * window, in the order of `restarts`.
   */
  sessions: Series[];
  windows: Series[];
  profile: Profile;
}

/** The moments of one request, in ms after it was due. Absent when never reached. */
export interface Waterfall {
  connectMs?: number;
  connectedMs?: number;
  writtenMs?: number;
  firstByteMs?: number;
  endMs: number;
}

/** One request that was not answered, or one sentinel that did not end well, with its story. */
export interface FailureView {
  /** From 1, in order of time over all arms; the permalink is `#f-<n>`. */
  n: number;
  arm: string;
  /** Stream, or the sentinel's name. */
  source: string;
  sentinel: boolean;
  outcome: Outcome;
  /** ms since the run's start. */
  dueAtMs: number;
  restart: number | null;
  /** When it was due, ms after the signal; null outside a restart. */
  sinceSignalMs: number | null;
  /** One sentence: what happened to it, and in which phase. */
  story: string;
  /** What is known besides: connection, bytes, port, instance. */
  facts: string;
  waterfall: Waterfall;
}

/**
 * Arms against each other, measure by measure. The arms themselves are those of the view: `sides` are named as they
 * are.
 */
export interface ComparisonView {
  sentence: string;
  /** What makes it doubtful, a sentence each. */
  warnings: string[];
  sides: { name: string; strategy: string; /** Null for the run at hand. */ run: string | null }[];
  pairs: { reference: string; other: string; outcome: ComparedPair['outcome']; sentence: string }[];
  measures: MeasureView[];
}

/** A row of the table, and a chart: one measure of all sides, and what it says about each pair. */
export interface MeasureView {
  measure: Measure;
  /** Such as `longest gap`. */
  label: string;
  unit: 'share' | 'ms';
  /**
   * In the order of the comparison's sides. `text`: the middle with its interval, such as `203 ms (198 ms to 210 ms)`.
   */
  sides: {
    name: string;
    values: (number | null)[];
    middle: number | null;
    low: number | null;
    high: number | null;
    text: string;
  }[];
  /** In the order of the comparison's pairs. */
  pairs: {
    reference: string;
    other: string;
    outcome: ComparedOutcome;
    difference: string;
    p: string;
    sentence: string;
  }[];
}

export interface View {
  scenario: string;
  description: string;
  /** What the verdict is about: each arm, or each pair of arms. */
  judged: 'arms' | 'pairs';
  verdict: Verdict;
  asExpected: boolean;
  interrupted: boolean;
  /** One sentence that answers the question of the tool. */
  headline: string;
  startedAt: string;
  durationMs: number;
  duration: string;
  command: string;
  seed: number;
  zerodrop: string;
  environment: string;
  arms: ArmView[];
  /** Null when there is nothing to compare. */
  comparison: ComparisonView | null;
  /** Worst first. */
  findings: FindingView[];
  failures: FailureView[];
  harness: Fact[];
  /** The scenario as run, secrets masked, as YAML. */
  scenarioText: string;
}
