/**
 * The failures of an arm as points, one dataset for each outcome.
 *
 * Rule: every failure is a point. Answers are thinned out by buckets; failures never.
 */
import { OUTCOMES, type Outcome } from '../../model/outcome.ts';
import type { FailureView } from '../view.ts';
import type { Dataset, Point } from './definition.ts';
import { SHAPES } from './palette.ts';

/** The datasets of the outcomes that occur. The rarest comes first: Chart.js draws the first dataset on top. */
export function failureMarks(failures: readonly FailureView[], yAxisID: string, pointOf: (failure: FailureView) => Point | null): Dataset[] {
  const points = new Map<Outcome, Point[]>();
  for (const failure of failures) {
    const point = pointOf(failure);
    if (point === null) continue;
    const list = points.get(failure.outcome);
    if (list === undefined) points.set(failure.outcome, [point]);
    else list.push(point);
  }
  return [...points]
    .sort(([, one], [, other]) => one.length - other.length)
    .map(([outcome, data]) => ({
      type: 'scatter' as const,
      label: outcome,
      data,
      yAxisID,
      pointStyle: SHAPES[outcome] ?? 'circle',
      pointRadius: 3.5,
      pointHoverRadius: 6,
      pointHitRadius: 6,
      pointBorderWidth: 1.5,
      pointBackgroundColor: `$${outcome}`,
      pointBorderColor: `$${outcome}`,
    }));
}

/** The outcomes of these failures, in the order in which outcomes are shown. */
export function outcomesOf(failures: readonly FailureView[]): Outcome[] {
  const seen = new Set(failures.map((failure) => failure.outcome));
  return OUTCOMES.filter((outcome) => seen.has(outcome));
}
