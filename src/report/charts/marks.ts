/**
 * The failures of an arm as points, one dataset for each outcome.
 *
 * Rule: no failure is hidden. Failures of one outcome and one lane that would be drawn upon each other are one point,
 * which knows how many they are; every failure stands within a cell's width of a point of its own outcome and lane.
 */
import { OUTCOMES, type Outcome } from '../../model/outcome.ts';
import type { FailureView } from '../view/view.ts';
import type { Dataset, Point } from './definition.ts';
import { SHAPES, STROKED } from './palette.ts';

/** More cells than a chart has pixels that an eye could tell apart. */
const CELLS = 900;

/**
 * The datasets of the outcomes that occur. The rarest comes first: Chart.js draws the first dataset on top. Failures
 * without a place are left out.
 */
export function failureMarks(
  failures: readonly FailureView[],
  yAxisID: string,
  range: { min: number; max: number },
  placeOf: (failure: FailureView) => { x: number; y: number } | null,
): Dataset[] {
  const cells = new Map<Outcome, Map<string, Point>>();
  const counts = new Map<Outcome, number>();
  const cell = (range.max - range.min) / CELLS;
  for (const failure of failures) {
    const place = placeOf(failure);
    if (place === null) continue;
    const points = cells.get(failure.outcome) ?? new Map<string, Point>();
    cells.set(failure.outcome, points);
    counts.set(failure.outcome, (counts.get(failure.outcome) ?? 0) + 1);
    const key = `${place.y}/${cell > 0 ? Math.floor((place.x - range.min) / cell) : place.x}`;
    const known = points.get(key);
    if (known === undefined) points.set(key, { ...place, n: failure.n });
    else known.count = (known.count ?? 1) + 1;
  }
  return [...cells]
    .sort(([one], [other]) => (counts.get(one) ?? 0) - (counts.get(other) ?? 0))
    .map(([outcome, points]) => ({ outcome, points, shape: SHAPES[outcome] ?? 'circle' }))
    .map(({ outcome, points, shape }) => ({
      type: 'scatter' as const,
      label: outcome,
      data: [...points.values()],
      yAxisID,
      pointStyle: shape,
      pointRadius: 3.8,
      pointHoverRadius: 6,
      pointHitRadius: 6,
      // An area needs no border of its own colour, which would take as long to draw as itself.
      pointBorderWidth: STROKED.includes(shape) ? 1.5 : 0,
      pointBackgroundColor: `$${outcome}`,
      pointBorderColor: `$${outcome}`,
    }));
}

/** The outcomes of these failures, in the order in which outcomes are shown. */
export function outcomesOf(failures: readonly FailureView[]): Outcome[] {
  const seen = new Set(failures.map((failure) => failure.outcome));
  return OUTCOMES.filter((outcome) => seen.has(outcome));
}
