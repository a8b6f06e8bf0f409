/**
 * Two ways to lay time on an x axis, in seconds: the restart windows side by side, or the whole run as it went.
 *
 * Rule: a chart over time is written once and asks its clock where a moment stands; a moment outside the clock is not shown.
 */
import type { ArmView, Series } from '../view.ts';
import type { Band, Line } from './bands.ts';
import { axisTitle, rounded, TICKS } from './definition.ts';
import { phasesOf } from './overlay.ts';

export type Scope = 'windows' | 'whole';

export interface Clock {
  series: Series[];
  /** Where a moment (ms since the run's start) stands in seconds; null when it is not shown. `restart` tells which window is meant. */
  xOf(atMs: number, restart: number | null): number | null;
  bands: Band[];
  lines: Line[];
  min: number;
  max: number;
  axis: Record<string, unknown>;
}

const lengthMs = (series: Series): number => series.bucketMs * series.offeredPerSecond.length;

/** The clock of the restart windows, side by side, with a small space between them. */
export function windowsClock(arm: ArmView): Clock {
  const totalMs = arm.windows.reduce((sum, series) => sum + lengthMs(series), 0);
  const spaceMs = arm.windows.length > 1 ? (0.04 * totalMs) / arm.windows.length : 0;
  const offsets: number[] = [];
  let atMs = 0;
  for (const series of arm.windows) {
    offsets.push(atMs);
    atMs += lengthMs(series) + spaceMs;
  }
  const endMs = Math.max(1, atMs - spaceMs);
  const xIn = (index: number, momentMs: number): number | null => {
    const series = arm.windows[index];
    const offset = offsets[index];
    if (series === undefined || offset === undefined) return null;
    const intoMs = momentMs - series.fromMs;
    return intoMs < 0 || intoMs > lengthMs(series) ? null : rounded((offset + intoMs) / 1000);
  };
  const indexOf = new Map(arm.restarts.map((restart, index) => [restart.number, index]));
  const bands = arm.restarts.flatMap((restart, index) =>
    phasesOf(restart).flatMap(({ moment, fromMs, toMs }): Band[] => {
      const from = xIn(index, fromMs);
      const to = xIn(index, toMs);
      return from === null || to === null ? [] : [{ from, to, color: `$${moment}` }];
    }),
  );
  const lines = arm.restarts.flatMap((restart, index): Line[] => {
    const at = xIn(index, restart.signalledAtMs);
    return at === null ? [] : [{ at, color: '$muted', label: `#${restart.number}` }];
  });
  return {
    series: arm.windows.map((series, index) => ({ ...series, fromMs: offsets[index] ?? 0 })),
    xOf: (momentMs, restart) => (restart === null ? null : xIn(indexOf.get(restart) ?? -1, momentMs)),
    bands,
    lines,
    min: 0,
    max: rounded(endMs / 1000),
    axis: { title: axisTitle(`restart windows side by side, ${Number((totalMs / 1000).toPrecision(3))} s in all`), ticks: { display: false } },
  };
}

/** The clock of the whole run: seconds since its start. */
export function wholeClock(arm: ArmView): Clock {
  return {
    series: [arm.whole],
    xOf: (atMs) => rounded(atMs / 1000),
    bands: arm.restarts.flatMap((restart) => phasesOf(restart).map(({ moment, fromMs, toMs }) => ({ from: rounded(fromMs / 1000), to: rounded(toMs / 1000), color: `$${moment}` }))),
    lines: arm.restarts.map((restart) => ({ at: rounded(restart.signalledAtMs / 1000), color: '$muted', label: `#${restart.number}` })),
    min: rounded(arm.whole.fromMs / 1000),
    max: rounded((arm.whole.fromMs + lengthMs(arm.whole)) / 1000),
    axis: { title: axisTitle('seconds since the start of the run'), ticks: { ...TICKS, maxRotation: 0, includeBounds: false } },
  };
}

/** The clock of a scope. */
export function clockOf(arm: ArmView, scope: Scope): Clock {
  return scope === 'windows' ? windowsClock(arm) : wholeClock(arm);
}
