/**
 * result.json: what a run found, for machines.
 *
 * Rule: a contract. Durations are ms as numbers and their names end in `Ms`. Fields are added, never renamed or
 * removed; that would need a new schema number.
 */
import type { Comparison } from './comparison.ts';
import type { Exit, RestartMoment } from './event.ts';
import type { FindingCode } from './finding.ts';
import type { Counts, Outcome } from './outcome.ts';
import type { SentinelName } from './sentinel.ts';
import type { Verdict } from './expect.ts';

export const RESULT_SCHEMA = 'zerodrop/result/1';

/** One thing that was found out, in words: what happened with values, and what to do about it. */
export interface Finding {
  code: FindingCode;
  /** What it does to the verdict; `note` does nothing. */
  severity: 'fail' | 'inconclusive' | 'note';
  arm: string;
  /** Index of the restart it belongs to, from 0; absent when it is about the whole arm. */
  restart?: number;
  message: string;
  hint: string;
}

/** Latencies from the due moment, of answered arrivals, the harness's own lateness taken off. */
export interface Latency {
  count: number;
  p50Ms: number;
  p90Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}

/** One restart as judged. Moments are ms since the run's start; absent when never reached. */
export interface RestartResult {
  index: number;
  signalledAtMs: number;
  settledAtMs: number;
  moments: Partial<Record<RestartMoment, number>>;
  /** A new generation served afterwards. */
  proven: boolean;
  completed: boolean;
  /** A step failed, and what served before serves on. */
  notDone?: true;
  /** A step failed, and what served before serves again. */
  rolledBack?: true;
  /** Fleets: the fewest instances that were ready at once. */
  fewestReady?: number;
  /** From the signal until the successor was ready. */
  readyMs: number | null;
  /** From the signal until the old instance was gone. */
  drainMs: number | null;
  exit: Exit | null;
  /** Arrivals whose life touched the window, and sentinels. */
  requests: Counts;
  /** Longest time without an answer to a fresh arrival; 0 when shorter than twice the time between arrivals. */
  gapMs: number;
  /** Time lost in the stalls that touched the window. */
  stallMs: number;
  /** How long the slowest answer to an arrival whose life touched the window took; 0 without any. */
  longestWaitMs: number;
  /** 99th percentile of the answers to arrivals whose life touched the window; null without any. */
  p99Ms: number | null;
  /** Answers slower than the spike limit. */
  spikes: number;
  worstMs: number;
  steps: { text: string; atMs: number; tookMs: number; problem?: string; note?: string }[];
}

/** A run of answers that were slower than the spike limit, none long after the one before it. */
export interface Stall {
  atMs: number;
  lastedMs: number;
  answers: number;
  worstMs: number;
  /** Index of the restart whose window it touched; null in quiet time. */
  restart: number | null;
}

export interface ThresholdResult {
  name: string;
  limit: number;
  /** Null when it could not be measured. */
  measured: number | null;
  unit: 'requests' | 'ms' | 'answers' | 'restarts';
  ok: boolean;
}

export interface ArmResult {
  name: string;
  strategy: string;
  verdict: Verdict;
  expect: Verdict;
  /** What else the scenario expects of the arm. */
  expected: { findings: FindingCode[]; outcomes: Outcome[] };
  asExpected: boolean;
  /** Why it is not as expected, one sentence each. */
  surprises: string[];
  requests: Counts;
  /** Counts of the requests that no restart touched. */
  quietRequests: Counts;
  streams: Record<string, Counts>;
  sentinels: Partial<Record<SentinelName, Counts>>;
  thresholds: ThresholdResult[];
  latency: { quiet: Latency; restart: Latency };
  spikes: { limitMs: number; learnt: boolean; count: number; stalls: number; worstMs: number; totalLostMs: number };
  stalls: Stall[];
  longestGapMs: number;
  /** How long a client waited for an answer in the restart windows, at the most; 0 without an answer. */
  longestWaitMs: number;
  /** Time in the stalls that touched restarts. */
  stalledMs: number;
  /** Whether restarts made some client wait clearly longer than quiet time did (100 ms or more, and twice as long). */
  slowed: boolean;
  restarts: RestartResult[];
  confidence: {
    restarts: number;
    dirty: number;
    /** One-sided 95 % upper bound of the share of dirty restarts (Clopper-Pearson). */
    dirtyUpper95: number;
    /** The shortest gap that would have been seen with 95 % probability. */
    detectableGapMs: number;
    /** What was seen, what it proves, what could have been missed. */
    sentences: [string, string, string];
  };
  hygiene: Hygiene;
  controls: Controls;
  harness: Harness;
}

/**
 * What the restarts left behind. Growths are Theil-Sen slopes over the restarts; null when there were too few samples.
 */
export interface Hygiene {
  /** Processes that had no part in serving, seen after two restarts in a row or at the end. */
  leftoverProcesses: number;
  /** Children that had ended and that the target did not wait for, seen after two restarts in a row. */
  zombies: number;
  fdGrowthPerRestart: number | null;
  rssGrowthBytesPerRestart: number | null;
  threadGrowthPerRestart: number | null;
  forcedKills: number;
  nonZeroExits: number;
  /** Restarts that began while the old instance of the one before was still there. */
  stillDraining: number;
}

/** What shows that the instrument counts what is there and nothing else; null when it was not measured. */
export interface Controls {
  /** Faults that the built-in leaky server committed, by its own count, and how many of them were counted. */
  positive: {
    expected: number;
    counted: number;
    byOutcome: Partial<Record<Outcome, { expected: number; counted: number }>>;
  } | null;
  /** Requests and sentinels that sham restarts met no answer for. */
  negative: { windows: number; lost: number; raced: number; rejected: number; failed: number } | null;
}

/** The harness's own health. */
export interface Harness {
  sendDelayP50Ms: number;
  sendDelayP99Ms: number;
  eventLoopDelayP99Ms: number;
  unsent: number;
}

export interface Result {
  schema: typeof RESULT_SCHEMA;
  zerodrop: string;
  verdict: Verdict;
  asExpected: boolean;
  interrupted: boolean;
  findings: Finding[];
  scenario: string;
  startedAt: string;
  durationMs: number;
  command: string;
  seed: number;
  environment: { node: string; os: string; cpus: number };
  arms: ArmResult[];
  /** The arms against the first one; absent when there is only one. */
  comparison?: Comparison;
  /** The run against the earlier one that it was held to; absent when there was none. */
  baseline?: Comparison;
  harness: Harness;
}
