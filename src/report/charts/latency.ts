/**
 * Latency over time: the median and the worst answer of each bucket, and every stall.
 *
 * Rule: the worst answer of a bucket is drawn, never an average, and the axis is logarithmic, so that neither the quiet
 * time nor a spike is flattened.
 */
import type { ArmView } from '../view.ts';
import { clockOf, type Scope } from './clock.ts';
import { AXIS, axisTitle, NO_LEGEND, SHARED_OPTIONS, TICKS, type ChartDefinition } from './definition.ts';
import { linePoints } from './timeline.ts';

/** The latency of an arm over time. */
export function latencyChart(arm: ArmView, scope: Scope): ChartDefinition {
  const clock = clockOf(arm, scope);
  const line = { type: 'line' as const, yAxisID: 'y', pointRadius: 0, pointHitRadius: 4, spanGaps: false, borderWidth: 1.5 };
  const stalls = arm.stalls.flatMap((stall) => {
    const x = clock.xOf(stall.atMs, stall.restart);
    return x === null ? [] : [{ x, y: stall.worstMs }];
  });
  return {
    type: 'line',
    data: {
      datasets: [
        { type: 'scatter', label: 'stall', data: stalls, yAxisID: 'y', pointStyle: 'triangle', pointRadius: 5, pointBackgroundColor: '$stall', pointBorderColor: '$stall' },
        { ...line, label: 'median', data: linePoints(clock.series, (one) => one.medianMs), borderColor: '$median', backgroundColor: '$median' },
        { ...line, label: 'worst', data: linePoints(clock.series, (one) => one.worstMs), borderColor: '$worst', backgroundColor: '$worst' },
        ...(arm.spikeLimitMs === 0 ? [] : [{ ...line, label: 'spike limit', data: [clock.min, clock.max].map((x) => ({ x, y: arm.spikeLimitMs })), borderColor: '$limit', backgroundColor: '$limit', borderWidth: 1, borderDash: [2, 3] }]),
      ],
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: { ...AXIS, type: 'linear', min: clock.min, max: clock.max, grid: { display: false }, ...clock.axis },
        y: { ...AXIS, type: 'logarithmic', title: axisTitle('latency, ms'), ticks: { ...TICKS, maxTicksLimit: 6 } },
      },
      plugins: { ...NO_LEGEND, bands: { bands: clock.bands, lines: clock.lines, labelColor: '$muted' } },
    },
  };
}
