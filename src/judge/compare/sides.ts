/**
 * What is compared: the values of each restart of an arm.
 *
 * Rule: all sides are measured with one yardstick. A limit for slow answers that was learnt from the quiet time of one
 * arm would make its stalls longer or shorter than another's; so the greatest limit of any side is that of all.
 * Restarts that are not known to be done, and dropped nothing, say nothing.
 */
import { MEASURES, type ComparedSide, type Measure, type SideValues } from '../../model/comparison.ts';
import { quantileOf } from '../../model/quantile.ts';
import { isDirty, isOnlySlow, type Evidence } from '../measure/evidence.ts';
import { harnessFindingsOf } from '../conclude/findings/harness.ts';
import { longestMs } from '../measure/gaps.ts';
import { spikesOf, stallsOf, type SpikeLimits } from '../measure/stalls.ts';
import { isDone } from '../measure/undone.ts';
import { medianOf, shareOf } from './intervals.ts';

/** One arm of one run. */
export interface Subject {
  /** Unique in its comparison. */
  name: string;
  /** Where its run lies; null for the run at hand. */
  run: string | null;
  evidence: Evidence;
}

/** The sides of a comparison, in the order given. */
export function sidesOf(subjects: readonly Subject[]): ComparedSide[] {
  const limits = commonLimitsOf(subjects.map(({ evidence }) => evidence.limits));
  return subjects.map(({ name, run, evidence }) => {
    const rows = rowsOf(evidence, limits);
    const measured = MEASURES.map(
      (measure) =>
        [
          measure,
          sideValuesOf(
            measure,
            rows.map((row) => row[measure]),
          ),
        ] as const,
    );
    const doubt = harnessFindingsOf(evidence).find(({ code }) => code === 'harness-late')?.message;
    return {
      name,
      arm: evidence.planned.name,
      run,
      strategy: evidence.planned.strategy,
      ...(doubt === undefined ? {} : { doubt }),
      measures: Object.fromEntries(measured) as ComparedSide['measures'],
    };
  });
}

/** The values of one measure with their middle. */
export function sideValuesOf(measure: Measure, values: (number | null)[]): SideValues {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { values, count: 0, middle: null, low: null, high: null };
  const { estimate, low, high } =
    measure === 'dirty' ? shareOf(known.filter((value) => value > 0).length, known.length) : medianOf(known);
  return { values, count: known.length, middle: estimate, low, high };
}

function rowsOf(evidence: Evidence, limits: SpikeLimits): Record<Measure, number | null>[] {
  const stalls = evidence.tallies.flatMap((tally) => stallsOf(spikesOf(tally, limits), tally.windows));
  return evidence.restarts.map((restart) => {
    const dirty = isDirty(restart);
    if (!dirty && (!isDone(restart) || isOnlySlow(restart))) {
      return { dirty: null, gap: null, stall: null, p99: null, drain: null };
    }
    const { window, gaps, answersUs } = restart;
    const goneMs = window.restart.moments.gone;
    return {
      dirty: dirty ? 1 : 0,
      gap: longestMs(gaps),
      stall: stalls.reduce((sum, stall) => sum + (stall.restart === window.restart.index ? stall.lastedMs : 0), 0),
      p99: answersUs.length === 0 ? null : quantileOf(answersUs, 0.99) / 1000,
      drain: goneMs === undefined ? null : goneMs - window.signalledAtMs,
    };
  });
}

function commonLimitsOf(all: readonly SpikeLimits[]): SpikeLimits {
  const byStreamMs = new Map<string, number>();
  for (const limits of all) {
    for (const [stream, limitMs] of limits.byStreamMs) {
      byStreamMs.set(stream, Math.max(limitMs, byStreamMs.get(stream) ?? 0));
    }
  }
  return {
    byStreamMs,
    learnt: all.some(({ learnt }) => learnt),
    noiseFloorMs: Math.max(...all.map(({ noiseFloorMs }) => noiseFloorMs)),
  };
}
