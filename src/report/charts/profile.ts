/**
 * What clients met around the signal, the arms as colours: every failure, the share of requests that were answered, and
 * the worst answer; all restarts of an arm overlaid.
 *
 * Rule: one time axis for all arms, so that they can be compared by eye; failures are marks, since one in thousands is
 * no visible dip.
 */
import type { FailureView, Profile } from '../view/view.ts';
import { visible } from '../view/visible.ts';
import type { Band } from './bands.ts';
import type { ChartArm } from './clock.ts';
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
import { floorOf, LATENCY_TICKS } from './latency.ts';
import { failureMarks } from './marks.ts';
import { ARM_COLORS, ARM_DASHES } from './palette.ts';

/** The chart of all arms. `failures` are those of all of them. */
export function profileChart(arms: readonly ChartArm[], failures: readonly FailureView[]): ChartDefinition {
  const lanes = new Map(arms.map(({ name }, index) => [name, index]));
  const placed = failures.filter(({ sinceSignalMs, arm }) => sinceSignalMs !== null && lanes.has(arm));
  const profiles = arms.map(({ profile }) => profile);
  const range = {
    min: rounded(profiles.reduce((least, { fromMs }) => Math.min(least, fromMs), 0)),
    max: rounded(
      profiles.reduce((most, one) => Math.max(most, one.fromMs + one.bucketMs * one.answeredShare.length), 10),
    ),
  };
  const line = (index: number): Record<string, unknown> => {
    const color = colorOf(index);
    return {
      pointRadius: 0,
      pointHitRadius: 4,
      spanGaps: false,
      borderWidth: 2,
      borderColor: color,
      backgroundColor: color,
      borderDash: ARM_DASHES[Math.floor(index / ARM_COLORS.length) % ARM_DASHES.length],
    };
  };
  const lanesOfArms = arms.map(({ name }, index): Band => ({
    from: range.min,
    to: range.max,
    lane: index,
    axis: 'arms',
    color: colorOf(index),
    opacity: 0.16,
    text: visible(name),
    textAt: 'end',
    textColor: '$text',
  }));
  const worst = profiles
    .flatMap(({ worstMs, medianMs }) => [...worstMs, ...medianMs])
    .flatMap((ms) => (ms === null ? [] : [ms]));
  const row = { ...AXIS, axis: 'y', stack: 'rows' };
  return {
    type: 'line',
    data: {
      datasets: [
        ...failureMarks(placed, 'arms', range, (failure) => ({
          x: rounded(failure.sinceSignalMs ?? 0),
          y: lanes.get(failure.arm) ?? 0,
        })),
        ...arms.map(({ name, profile }, index) => ({
          type: 'line' as const,
          label: `${name}, answered`,
          yAxisID: 'y',
          data: profilePoints(profile, profile.answeredShare, 100),
          stepped: 'middle',
          ...line(index),
        })),
        ...arms.map(({ name, profile }, index) => ({
          type: 'line' as const,
          label: `${name}, worst`,
          yAxisID: 'worst',
          data: profilePoints(profile, profile.worstMs, 1),
          ...line(index),
          borderWidth: 1.5,
        })),
      ],
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: {
          ...AXIS,
          type: 'linear',
          ...range,
          title: axisTitle('ms after the signal, all restarts overlaid'),
          ticks: { ...TICKS, maxRotation: 0, includeBounds: false },
        },
        worst: {
          ...row,
          type: 'logarithmic',
          min: floorOf(worst),
          max: rounded(1.5 * worst.reduce((most, ms) => Math.max(most, ms), 1)),
          title: axisTitle('worst, ms'),
          ticks: LATENCY_TICKS,
          stackWeight: 2.4,
          weight: 1,
        },
        y: {
          ...row,
          type: 'linear',
          min: -4,
          max: 104,
          title: axisTitle('answered, %'),
          ticks: { ...TICKS, stepSize: 25, includeBounds: false },
          stackWeight: 2.4,
          weight: 2,
        },
        ...(placed.length === 0
          ? {}
          : {
              arms: {
                ...row,
                type: 'linear',
                reverse: true,
                min: -0.6,
                max: arms.length - 0.4,
                grid: { display: false },
                ticks: { display: false },
                stackWeight: Math.max(0.5, arms.length * 0.45),
                weight: 3,
              },
            }),
      },
      plugins: {
        ...NO_LEGEND,
        bands: {
          bands: placed.length === 0 ? [] : lanesOfArms,
          lines: [{ at: 0, color: '$text', label: 'signal' }],
          labelColor: '$muted',
          textColor: '$ground',
        },
      },
    },
  };
}

const colorOf = (arm: number): string => `$${ARM_COLORS[arm % ARM_COLORS.length] ?? 'text'}`;

function profilePoints({ fromMs, bucketMs }: Profile, values: readonly (number | null)[], factor: number): Point[] {
  return values.map((value, index) => ({
    x: rounded(fromMs + (index + 0.5) * bucketMs),
    y: value === null ? null : rounded(value * factor),
  }));
}
