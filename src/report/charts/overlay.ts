/**
 * All restarts overlaid: one lane a restart, the signal at t = 0, phases as bands, every failure as a mark.
 *
 * Rule: the x axis is ms after the signal, so that what always happens at the same moment of a restart stands in one
 * column.
 */
import type { FailureView } from '../view/view.ts';
import type { Band } from './bands.ts';
import type { ChartArm } from './clock.ts';
import { AXIS, axisTitle, NO_LEGEND, rounded, SHARED_OPTIONS, TICKS, type ChartDefinition } from './definition.ts';
import { failureMarks, outcomesOf } from './marks.ts';
import { phasesOf } from './phases.ts';

/** The chart of all restarts of an arm, one above the other. */
export function overlayChart(arm: ChartArm, failures: readonly FailureView[]): ChartDefinition {
  const bands: Band[] = arm.restarts.flatMap((restart) =>
    phasesOf(restart).map(({ moment, fromMs, toMs }) => ({
      from: rounded(fromMs - restart.signalledAtMs),
      to: rounded(toMs - restart.signalledAtMs),
      color: `$${moment}`,
      lane: restart.number,
    })),
  );
  const touched = failures.filter((failure) => failure.sinceSignalMs !== null);
  const outcomes = outcomesOf(touched);
  const last = Math.max(1, arm.restarts.length);
  const momentsMs = [...touched.map(sinceSignal), ...bands.flatMap(({ from, to }) => [from, to])];
  const fromMs = momentsMs.reduce((least, ms) => Math.min(least, ms), 0);
  const toMs = momentsMs.reduce((most, ms) => Math.max(most, ms), 10);
  const marginMs = (toMs - fromMs) * 0.06;
  const range = { min: rounded(fromMs - marginMs), max: rounded(toMs + marginMs) };
  return {
    type: 'scatter',
    data: {
      datasets: failureMarks(touched, 'y', range, (failure) => ({
        x: rounded(sinceSignal(failure)),
        y: rounded((failure.restart ?? 0) + shift(outcomes.indexOf(failure.outcome), outcomes.length)),
      })),
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: {
          ...AXIS,
          type: 'linear',
          ...range,
          title: axisTitle('ms after the signal'),
          ticks: { ...TICKS, maxRotation: 0, includeBounds: false },
        },
        y: {
          ...AXIS,
          type: 'linear',
          reverse: true,
          min: 0.5,
          max: last + 0.5,
          grid: { display: false },
          title: axisTitle('restart'),
          ticks: { ...TICKS, stepSize: Math.max(1, Math.ceil(last / 12)), precision: 0, includeBounds: false },
        },
      },
      plugins: {
        ...NO_LEGEND,
        bands: {
          bands,
          lines: [{ at: 0, color: '$text', label: 'signal' }],
          labelColor: '$muted',
          textColor: '$ground',
        },
      },
    },
  };
}

/** Outcomes stand a little apart in their lane, so that the many do not hide the few. */
const shift = (position: number, outcomes: number): number =>
  outcomes < 2 ? 0 : (position / (outcomes - 1) - 0.5) * 0.5;

const sinceSignal = (failure: FailureView): number => failure.sinceSignalMs ?? 0;
