/**
 * What was measured against the limits of the scenario.
 *
 * Rule: only what happened in restart windows counts (sentinels included): quiet time is the yardstick, not the
 * measured thing.
 */
import type { Counts } from '../../model/outcome.ts';
import type { ThresholdResult } from '../../model/result.ts';
import type { Evidence } from '../measure/evidence.ts';
import { longestMs } from '../measure/gaps.ts';
import { latencyThresholdsOf } from './latency-limits.ts';
import { isNoise } from '../measure/statistics.ts';
import { undoneIn } from '../measure/undone.ts';

/** The classes of requests that were not answered, each with a threshold of its own. */
export const LOSS_CLASSES = ['lost', 'raced', 'rejected', 'failed'] as const;
export type LossClass = (typeof LOSS_CLASSES)[number];

const FEWEST_SHAMS = 2;

/** One class against its limit, with what quiet time predicts. */
export interface LossCheck {
  kind: LossClass;
  limit: number;
  measured: number;
  sentinels: number;
  /** In quiet time, sentinels of sham restarts included. */
  quiet: number;
  /**
   * Arrivals of this class that the windows would have had at the rate of quiet time, or of the sham restart that met
   * the fewest.
   */
  expected: number;
  /**
   * Over the limit, but no more than is met without a restart: by the arrivals as by the sentinels, unless these alone
   * are not over it.
   */
  noise: boolean;
}

/** Each class of requests that were not answered, against its limit. */
export function lossChecksOf({ planned, quiet, inWindows, shams }: Evidence): LossCheck[] {
  return LOSS_CLASSES.map((kind) => {
    const limit = planned.thresholds[kind];
    const arrivals = inWindows.arrivals[kind];
    const sentinels = inWindows.sentinels[kind];
    // One loss by chance in one sham restart shall not excuse many: what counts is what every one of them met.
    const inEverySham = (of: 'arrivals' | 'sentinels'): number =>
      shams.length < FEWEST_SHAMS ? 0 : Math.min(...shams.map((sham) => shareOf(sham[of], kind)));
    const expected = Math.max(shareOf(quiet, kind), inEverySham('arrivals')) * inWindows.arrivals.due;
    const expectedSentinels = inEverySham('sentinels') * inWindows.sentinels.due;
    const noise =
      arrivals + sentinels > limit &&
      isNoise(arrivals, expected) &&
      (sentinels <= limit || isNoise(sentinels, expectedSentinels));
    const inShams = shams.reduce((sum, sham) => sum + sham.sentinels[kind], 0);
    return {
      kind,
      limit,
      measured: arrivals + sentinels,
      sentinels,
      quiet: quiet[kind] + inShams,
      expected: expected + expectedSentinels,
      noise,
    };
  });
}

/** The share of requests that ended in this class. */
function shareOf(counts: Counts, kind: LossClass): number {
  return counts.due === 0 ? 0 : counts[kind] / counts.due;
}

/** Spikes against their limit; undefined when the scenario sets none. */
export interface SpikeCheck {
  max: number;
  /** Null when no limit could be learnt, for want of answers in quiet time. */
  measured: number | null;
  /** The limit lies in the noise: quiet time exceeds it too, so that nothing can be concluded. */
  belowNoise: boolean;
}

export function spikeCheckOf({ planned, limits, restarts, spikes, latencies }: Evidence): SpikeCheck | undefined {
  const threshold = planned.thresholds.spikes;
  if (threshold === undefined) return undefined;
  if (limits.byStreamMs.size === 0) return { max: threshold.max, measured: null, belowNoise: false };
  const measured = restarts.reduce((sum, restart) => sum + restart.spikes.length, 0);
  const answers = [...latencies.values()];
  const quietAnswers = answers.reduce((sum, { quietUs }) => sum + quietUs.length, 0);
  const windowAnswers = answers.reduce((sum, { restartUs }) => sum + restartUs.length, 0);
  const expected = quietAnswers === 0 ? 0 : ((spikes.length - measured) / quietAnswers) * windowAnswers;
  const over = threshold.over ?? Infinity;
  return {
    max: threshold.max,
    measured,
    belowNoise: over < limits.noiseFloorMs || (measured > threshold.max && isNoise(measured, expected)),
  };
}

/** The longest gap of the restart windows against its limit; undefined when the scenario sets none. */
export interface GapCheck {
  limitMs: number;
  /** Null when no arrivals were sent. */
  measuredMs: number | null;
  quietMs: number;
}

export function gapCheckOf({ planned, gaps, ledger }: Evidence): GapCheck | undefined {
  const limitMs = planned.thresholds.gap;
  if (limitMs === undefined) return undefined;
  const longest = (quiet: boolean): number => longestMs(gaps.filter(({ window }) => (window === undefined) === quiet));
  return { limitMs, measuredMs: ledger.requests.due === 0 ? null : longest(false), quietMs: longest(true) };
}

/** All thresholds of an arm, as they stand in its result. */
export function thresholdsOf(evidence: Evidence): ThresholdResult[] {
  const results = lossChecksOf(evidence).map(({ kind, limit, measured }): ThresholdResult => ({
    name: kind,
    limit,
    measured,
    unit: 'requests',
    ok: measured <= limit,
  }));
  const spikes = spikeCheckOf(evidence);
  if (spikes !== undefined) {
    const { max, measured } = spikes;
    results.push({ name: 'spikes', limit: max, measured, unit: 'answers', ok: measured !== null && measured <= max });
  }
  const limit = evidence.planned.thresholds.not_done;
  if (limit > 0) {
    const measured = undoneIn(evidence.restarts).length;
    results.push({ name: 'not_done', limit, measured, unit: 'restarts', ok: measured <= limit });
  }
  const gap = gapCheckOf(evidence);
  if (gap !== undefined) {
    const { limitMs, measuredMs } = gap;
    results.push({
      name: 'gap',
      limit: limitMs,
      measured: measuredMs,
      unit: 'ms',
      ok: measuredMs !== null && measuredMs <= limitMs,
    });
  }
  return [...results, ...latencyThresholdsOf(evidence)];
}
