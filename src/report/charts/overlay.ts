/**
 * All restarts laid over each other: one lane a restart, the signal at t = 0, phases as bands, every failure as a mark.
 *
 * Rule: the x axis is ms after the signal, so that what always happens at the same moment of a restart stands in one column.
 */
import type { RestartMoment } from '../../model/event.ts';
import type { ArmView, FailureView, RestartView } from '../view.ts';
import type { Band } from './bands.ts';
import { AXIS, axisTitle, NO_LEGEND, rounded, SHARED_OPTIONS, TICKS, type ChartDefinition } from './definition.ts';
import { failureMarks, outcomesOf } from './marks.ts';

/** The phases of one restart, from each moment to the next, until it was completed. */
export function phasesOf(restart: RestartView): { moment: RestartMoment; fromMs: number; toMs: number }[] {
  return restart.moments.flatMap(({ moment, atMs }, index) => {
    if (moment === 'began' || moment === 'completed' || moment === 'settled') return [];
    return [{ moment, fromMs: atMs, toMs: restart.moments[index + 1]?.atMs ?? restart.toMs }];
  });
}

/** The chart of all restarts of an arm, one above the other. */
export function overlayChart(arm: ArmView, failures: readonly FailureView[]): ChartDefinition {
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
  return {
    type: 'scatter',
    data: {
      datasets: failureMarks(touched, 'y', (failure) => ({
        x: rounded(sinceSignal(failure)),
        y: rounded((failure.restart ?? 0) + shift(outcomes.indexOf(failure.outcome), outcomes.length)),
        n: failure.n,
      })),
    },
    options: {
      ...SHARED_OPTIONS,
      scales: {
        x: {
          ...AXIS,
          type: 'linear',
          min: rounded(fromMs - marginMs),
          max: rounded(toMs + marginMs),
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
      plugins: { ...NO_LEGEND, bands: { bands, lines: [{ at: 0, color: '$text', label: 'signal' }], labelColor: '$muted' } },
    },
  };
}

/** Outcomes stand a little apart in their lane, so that the many do not hide the few. */
const shift = (position: number, outcomes: number): number => (outcomes < 2 ? 0 : (position / (outcomes - 1) - 0.5) * 0.5);

const sinceSignal = (failure: FailureView): number => failure.sinceSignalMs ?? 0;
