/**
 * How long clients waited, against the limits of the scenario: the longest wait, and percentiles in k6's form.
 *
 * Rule: the longest wait has a limit even where the scenario says nothing, since nobody waits for ever; a path that
 * takes as long in quiet time is excused from that one. A percentile of fewer answers than can bound it is not judged:
 * with n of them the largest lies above the q-quantile with 95 % probability only when 1 - q^n >= 0.95.
 */
import { ascendingOf, quantileOf } from '../../model/quantile.ts';
import type { ThresholdResult } from '../../model/result.ts';
import { PERCENTILES, SLOWEST_MS, type PercentileName } from '../../model/thresholds.ts';
import type { Evidence, RestartFacts } from '../measure/evidence.ts';
import { longestOf } from '../measure/waits.ts';

/** A wait that a person notices; shorter ones are not worth a word. */
const NOTICED_MS = 100;

/** What clients met of the restarts' slowness. */
export interface Slowness {
  /** Of an answer, in the restart windows; 0 without any. */
  longestWaitMs: number;
  /** Time in the stalls that touched restarts. */
  stalledMs: number;
  /** The restarts made some client wait clearly longer than quiet time ever did. */
  slowed: boolean;
}

export function slownessOf({ restarts, latencies, stalls }: Evidence): Slowness {
  const waits = restarts.flatMap((restart) => restart.waits);
  const habitMs = (stream: string): number => slowestOf(latencies.get(stream)?.quietUs);
  return {
    longestWaitMs: longestOf(waits)?.waitMs ?? 0,
    stalledMs: stalls.reduce((sum, { restart, lastedMs }) => sum + (restart === null ? 0 : lastedMs), 0),
    slowed: waits.some(({ stream, waitMs }) => waitMs >= NOTICED_MS && waitMs > 2 * habitMs(stream)),
  };
}

/** The longest wait against its limit. */
export interface SlowestCheck {
  limitMs: number;
  /** Whether the scenario names the limit. */
  given: boolean;
  /** The wait that is longest, measured by its limit; null when nothing was answered in restarts. */
  measuredMs: number | null;
  /** The longest of the same stream in quiet time. */
  quietMs: number;
  /** Restarts in which a wait was over its limit. */
  concerned: RestartFacts[];
  /** Those of them in which it is so without what a busy machine may explain. */
  proven: RestartFacts[];
}

export function slowestCheckOf({ planned, latencies, restarts }: Evidence): SlowestCheck {
  const given = planned.thresholds.slowest;
  const byDefaultMs = Math.min(SLOWEST_MS, planned.traffic.client.timeout);
  const quietOf = (stream: string): number => slowestOf(latencies.get(stream)?.quietUs);
  // Without an answer in quiet time, what nine of ten take at least in restarts is the habit of a slow path.
  const usualOf = (stream: string): number =>
    quietOf(stream) || quantileOf(latencies.get(stream)?.restartUs ?? [], 0.1) / 1000;
  const limitOf = (stream: string): number => given ?? Math.max(byDefaultMs, 2 * usualOf(stream));
  const waits = restarts.flatMap((restart) => restart.waits);
  const [worst] = waits.toSorted(
    (one, other) => other.waitMs / limitOf(other.stream) - one.waitMs / limitOf(one.stream),
  );
  const over = (by: 'waitMs' | 'unexplainedMs'): RestartFacts[] =>
    restarts.filter((restart) => restart.waits.some((wait) => wait[by] > limitOf(wait.stream)));
  return {
    limitMs: worst === undefined ? (given ?? byDefaultMs) : limitOf(worst.stream),
    given: given !== undefined,
    measuredMs: worst?.waitMs ?? null,
    quietMs: worst === undefined ? 0 : quietOf(worst.stream),
    concerned: over('waitMs'),
    proven: over('unexplainedMs'),
  };
}

/** In ms; 0 without any. */
const slowestOf = (ascendingUs: Int32Array | undefined): number => (ascendingUs?.at(-1) ?? 0) / 1000;

export type LatencyWindow = 'quiet' | 'restart';

/** A percentile against its limit. */
export interface PercentileCheck {
  name: PercentileName;
  /** As k6 writes it, such as `p(99.9)`. */
  text: string;
  window: LatencyWindow;
  limitMs: number;
  /** Null when there were too few answers. */
  measuredMs: number | null;
  /** The same percentile of quiet time; null without an answer there. */
  quietMs: number | null;
  answers: number;
  /** The fewest answers with which it is judged. */
  needed: number;
}

/** Each percentile that has a limit, in quiet time and in restarts. */
export function percentileChecksOf({ planned, latencies }: Evidence): PercentileCheck[] {
  const all = [...latencies.values()];
  const answersUs = {
    quiet: ascendingOf(all.map(({ quietUs }) => quietUs)),
    restart: ascendingOf(all.map(({ restartUs }) => restartUs)),
  };
  return (Object.keys(PERCENTILES) as PercentileName[]).flatMap((name) =>
    (['quiet', 'restart'] as const).flatMap((window): PercentileCheck[] => {
      const limitMs = planned.thresholds[name]?.[window];
      if (limitMs === undefined) return [];
      const q = PERCENTILES[name];
      const needed = Math.ceil(Math.log(0.05) / Math.log(q));
      const us = answersUs[window];
      return [
        {
          name,
          text: `p(${Number((q * 100).toFixed(1))})`,
          window,
          limitMs,
          measuredMs: us.length < needed ? null : quantileOf(us, q) / 1000,
          quietMs: answersUs.quiet.length === 0 ? null : quantileOf(answersUs.quiet, q) / 1000,
          answers: us.length,
          needed,
        },
      ];
    }),
  );
}

/** These limits, as they stand in the result. */
export function latencyThresholdsOf(evidence: Evidence): ThresholdResult[] {
  const { limitMs, measuredMs, concerned } = slowestCheckOf(evidence);
  return [
    { name: 'slowest', limit: limitMs, measured: measuredMs, unit: 'ms', ok: concerned.length === 0 },
    ...percentileChecksOf(evidence).map((check): ThresholdResult => ({
      name: `${check.name} ${check.window}`,
      limit: check.limitMs,
      measured: check.measuredMs,
      unit: 'ms',
      ok: check.measuredMs !== null && check.measuredMs <= check.limitMs,
    })),
  ];
}
