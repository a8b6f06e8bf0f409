/**
 * Offered against answered over time, with every failure as a mark in the lane of its outcome below.
 *
 * Rule: between two windows and outside of traffic the lines break; a gap in a line is never drawn as zero.
 */
import type { ArmView, FailureView, Series } from '../view.ts';
import { clockOf, type Scope } from './clock.ts';
import { AXIS, axisTitle, NO_LEGEND, rounded, SHARED_OPTIONS, TICKS, type ChartDefinition, type Point } from './definition.ts';
import { failureMarks, outcomesOf } from './marks.ts';

/** One value of each bucket as points at the bucket's middle, with a break between two series. */
export function linePoints(series: readonly Series[], valuesOf: (series: Series) => readonly (number | null)[]): Point[] {
  return series.flatMap((one) => [
    ...valuesOf(one).map((value, index) => ({ x: rounded((one.fromMs + (index + 0.5) * one.bucketMs) / 1000), y: value === null ? null : rounded(value) })),
    { x: rounded((one.fromMs + one.bucketMs * one.offeredPerSecond.length) / 1000), y: null },
  ]);
}

const highest = (series: readonly Series[]): number =>
  series.flatMap((one) => [...one.offeredPerSecond, ...one.answeredPerSecond]).reduce<number>((most, value) => Math.max(most, value ?? 0), 1);

/** The timeline of an arm. */
export function timelineChart(arm: ArmView, failures: readonly FailureView[], scope: Scope): ChartDefinition {
  const clock = clockOf(arm, scope);
  const shown = failures.filter((failure) => clock.xOf(failure.dueAtMs, failure.restart) !== null);
  const outcomes = outcomesOf(shown);
  const line = { type: 'line' as const, yAxisID: 'y', pointRadius: 0, pointHitRadius: 4, spanGaps: false, stepped: 'middle' };
  return {
    type: 'line',
    data: {
      datasets: [
        ...failureMarks(shown, 'outcomes', (failure) => {
          const x = clock.xOf(failure.dueAtMs, failure.restart);
          return x === null ? null : { x, y: outcomes.indexOf(failure.outcome), n: failure.n };
        }),
        { ...line, label: 'offered', data: linePoints(clock.series, (one) => one.offeredPerSecond), borderColor: '$offered', backgroundColor: '$offered', borderWidth: 1.5, borderDash: [4, 3] },
        { ...line, label: 'answered', data: linePoints(clock.series, (one) => one.answeredPerSecond), borderColor: '$answered', backgroundColor: '$answered', borderWidth: 1.75 },
      ],
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: { ...AXIS, type: 'linear', min: clock.min, max: clock.max, grid: { display: false }, ...clock.axis },
        y: { ...AXIS, type: 'linear', min: 0, max: 1.15 * highest(clock.series), title: axisTitle('requests/s'), ticks: { ...TICKS, maxTicksLimit: 6, includeBounds: false }, stack: 'rows', stackWeight: 3, weight: 1 },
        ...(outcomes.length === 0
          ? {}
          : {
              outcomes: {
                ...AXIS,
                type: 'category',
                labels: outcomes,
                offset: true,
                ticks: { ...TICKS, autoSkip: false },
                grid: { color: '$grid', offset: true },
                stack: 'rows',
                stackWeight: Math.max(0.6, outcomes.length * 0.35),
                weight: 2,
              },
            }),
      },
      plugins: { ...NO_LEGEND, bands: { bands: clock.bands, lines: clock.lines, labelColor: '$muted' } },
    },
  };
}
