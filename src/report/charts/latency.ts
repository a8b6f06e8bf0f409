/**
 * Latency over time: the median and the worst answer of each bucket, and every stall.
 *
 * Rule: the worst answer of a bucket is drawn, never an average, and the axis is logarithmic, so that neither the quiet
 * time nor a spike is flattened.
 */
import { clockOf, type ChartArm, type Scope } from './clock.ts';
import { AXIS, axisTitle, NO_LEGEND, rounded, SHARED_OPTIONS, TICKS, type ChartDefinition } from './definition.ts';
import { linePoints } from './timeline.ts';

/** Room above and below what is drawn, on a logarithmic axis. */
const ROOM = 1.5;
const STALL_TINT = 0.22;

/** Ticks of a logarithmic axis of ms. */
export const LATENCY_TICKS = {
  ...TICKS,
  maxTicksLimit: 6,
  format: { minimumFractionDigits: 0, maximumFractionDigits: 2 },
} as const;

/** The latency of an arm over time. */
export function latencyChart(arm: ChartArm, scope: Scope): ChartDefinition {
  const clock = clockOf(arm, scope);
  const line = {
    type: 'line' as const,
    yAxisID: 'y',
    pointRadius: 0,
    pointHitRadius: 4,
    spanGaps: false,
    borderWidth: 1.5,
  };
  const stalls = arm.stalls.flatMap(({ atMs, lastedMs, worstMs }) =>
    clock.piecesOf(atMs, atMs + lastedMs).map(({ from, to }) => ({ from, to, worstMs })),
  );
  const medians = linePoints(clock.series, (one) => one.medianMs);
  const worst = linePoints(clock.series, (one) => one.worstMs);
  const values = [...medians, ...worst].flatMap(({ y }) => (y === null ? [] : [y]));
  const most = [...values, ...stalls.map(({ worstMs }) => worstMs), arm.spikeLimitMs].reduce(
    (greatest, ms) => Math.max(greatest, ms),
    1,
  );
  return {
    type: 'line',
    data: {
      datasets: [
        {
          type: 'scatter',
          label: 'stall',
          data: stalls.map(({ from, to, worstMs }) => ({ x: rounded((from + to) / 2), y: worstMs })),
          yAxisID: 'y',
          pointStyle: 'triangle',
          pointRadius: 5,
          pointBackgroundColor: '$stall',
          pointBorderColor: '$stall',
        },
        { ...line, label: 'median', data: medians, borderColor: '$median', backgroundColor: '$median' },
        { ...line, label: 'worst', data: worst, borderColor: '$worst', backgroundColor: '$worst' },
        ...(arm.spikeLimitMs === 0
          ? []
          : [
              {
                ...line,
                label: 'spike limit',
                data: [clock.min, clock.max].map((x) => ({ x, y: arm.spikeLimitMs })),
                borderColor: '$limit',
                backgroundColor: '$limit',
                borderWidth: 1,
                borderDash: [2, 3],
              },
            ]),
      ],
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: { ...AXIS, type: 'linear', min: clock.min, max: clock.max, grid: { display: false }, ...clock.axis },
        y: {
          ...AXIS,
          type: 'logarithmic',
          min: floorOf(values),
          max: rounded(most * ROOM),
          title: axisTitle('latency, ms'),
          ticks: LATENCY_TICKS,
        },
      },
      plugins: {
        ...NO_LEGEND,
        bands: {
          bands: [
            ...clock.bands,
            ...stalls.map(({ from, to }) => ({ from, to, color: '$stall', opacity: STALL_TINT })),
          ],
          lines: clock.lines,
          labelColor: '$muted',
          textColor: '$ground',
        },
      },
    },
  };
}

/** Where a logarithmic axis of these latencies begins. */
export function floorOf(valuesMs: readonly number[]): number {
  return rounded(Math.max(0.05, valuesMs.reduce((least, ms) => Math.min(least, ms), 1) / ROOM));
}
