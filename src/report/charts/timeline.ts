/**
 * The run over time, from cause to effect: a lane for each instance, every failure as a mark in the lane of its
 * outcome, and what was offered against what was answered.
 *
 * Rule: between two windows and outside of traffic the lines break; a gap in a line is never drawn as zero.
 */
import type { FailureView, Series } from '../view/view.ts';
import { clockOf, type ChartArm, type Scope } from './clock.ts';
import {
  AXIS,
  axisTitle,
  NO_LEGEND,
  rounded,
  SHARED_OPTIONS,
  TICKS,
  type ChartDefinition,
  type Point,
} from './definition.ts';
import { laneBands, LANES, lanesOf } from './lanes.ts';
import { failureMarks, outcomesOf } from './marks.ts';

/** One value of each bucket as points at the bucket's middle, with a break between two series. */
export function linePoints(
  series: readonly Series[],
  valuesOf: (series: Series) => readonly (number | null)[],
): Point[] {
  return series.flatMap((one) => [
    ...valuesOf(one).map((value, index) => ({
      x: rounded((one.fromMs + (index + 0.5) * one.bucketMs) / 1000),
      y: value === null ? null : rounded(value),
    })),
    { x: rounded((one.fromMs + one.bucketMs * one.offeredPerSecond.length) / 1000), y: null },
  ]);
}

const highest = (series: readonly Series[]): number =>
  series
    .flatMap((one) => [...one.offeredPerSecond, ...one.answeredPerSecond])
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 1);

/** The timeline of an arm. */
export function timelineChart(arm: ChartArm, failures: readonly FailureView[], scope: Scope): ChartDefinition {
  const clock = clockOf(arm, scope);
  const shown = failures.filter((failure) => clock.xOf(failure.dueAtMs) !== null);
  const outcomes = outcomesOf(shown);
  const lanes = lanesOf(arm.instances).reduce((most, lane) => Math.max(most, lane), 0);
  const line = {
    type: 'line' as const,
    yAxisID: 'y',
    pointRadius: 0,
    pointHitRadius: 4,
    spanGaps: false,
    stepped: 'middle',
  };
  const row = { ...AXIS, axis: 'y', stack: 'rows', grid: { display: false } };
  return {
    type: 'line',
    data: {
      datasets: [
        ...failureMarks(shown, 'outcomes', clock, (failure) => ({
          x: clock.xOf(failure.dueAtMs) ?? 0,
          y: outcomes.indexOf(failure.outcome),
        })),
        {
          ...line,
          label: 'offered',
          data: linePoints(clock.series, (one) => one.offeredPerSecond),
          borderColor: '$offered',
          backgroundColor: '$offered',
          borderWidth: 1.5,
          borderDash: [4, 3],
        },
        {
          ...line,
          label: 'answered',
          data: linePoints(clock.series, (one) => one.answeredPerSecond),
          borderColor: '$answered',
          backgroundColor: '$answered',
          borderWidth: 1.75,
        },
      ],
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: { ...AXIS, type: 'linear', min: clock.min, max: clock.max, grid: { display: false }, ...clock.axis },
        y: {
          ...AXIS,
          type: 'linear',
          min: 0,
          max: rounded(1.15 * highest(clock.series)),
          title: axisTitle('requests/s'),
          ticks: { ...TICKS, maxTicksLimit: 6, includeBounds: false, format: { notation: 'compact' } },
          stack: 'rows',
          stackWeight: 3,
          weight: 1,
        },
        ...(outcomes.length === 0
          ? {}
          : {
              outcomes: {
                ...row,
                type: 'category',
                labels: outcomes,
                offset: true,
                ticks: { ...TICKS, autoSkip: false },
                stackWeight: Math.max(0.5, outcomes.length * 0.35),
                weight: 2,
              },
            }),
        ...(lanes === 0
          ? {}
          : {
              [LANES]: {
                ...row,
                type: 'linear',
                reverse: true,
                min: 0.4,
                max: lanes + 0.6,
                ticks: { display: false },
                stackWeight: Math.min(1.5, Math.max(0.8, lanes * 0.3)),
                weight: 3,
              },
            }),
      },
      plugins: {
        ...NO_LEGEND,
        bands: {
          bands: [...clock.bands, ...laneBands(arm.instances, clock)],
          lines: clock.lines,
          labelColor: '$muted',
          textColor: '$ground',
        },
      },
    },
  };
}
