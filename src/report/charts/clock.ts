/**
 * Two ways to lay time on an x axis, in seconds: the restart windows side by side, or the whole run as it went. The
 * pauses of a run, in which another arm had its turn, are left out.
 *
 * Rule: a chart over time is written once and asks its clock where a moment stands; a moment outside the clock is not
 * shown.
 */
import type { ArmView, Series } from '../view/view.ts';
import type { Band, Line } from './bands.ts';
import { axisTitle, rounded, TICKS } from './definition.ts';
import { phasesOf } from './phases.ts';

export type Scope = 'windows' | 'whole';

/** What charts need to know of an arm. */
export type ChartArm = Pick<
  ArmView,
  'name' | 'restarts' | 'stalls' | 'spikeLimitMs' | 'instances' | 'sessions' | 'windows' | 'profile'
>;

export interface Clock {
  series: Series[];
  /** Where a moment (ms since the run's start) stands in seconds; null when it is not shown. */
  xOf(atMs: number): number | null;
  /** The pieces of a stretch of time that are shown. */
  piecesOf(fromMs: number, toMs: number): { from: number; to: number }[];
  bands: Band[];
  lines: Line[];
  min: number;
  max: number;
  axis: Record<string, unknown>;
}

/** A stretch of the run, and where it begins on the axis. */
interface Segment {
  series: Series;
  fromMs: number;
  toMs: number;
  offsetMs: number;
}

const PHASE_TINT = 0.5;
const SPACE = 0.04;

/** The clock of a scope. */
export function clockOf(arm: ChartArm, scope: Scope): Clock {
  const shown = scope === 'windows' ? arm.windows : arm.sessions;
  const [only] = shown;
  const segments =
    only !== undefined && shown.length === 1 && scope === 'whole' ? [segmentOf(only, only.fromMs)] : sideBySide(shown);
  const totalMs = segments.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const piecesOf = (fromMs: number, toMs: number): { from: number; to: number }[] =>
    segments.flatMap((segment) => {
      const since = Math.max(fromMs, segment.fromMs);
      const until = Math.min(toMs, segment.toMs);
      return since >= until ? [] : [{ from: xIn(segment, since), to: xIn(segment, until) }];
    });
  const xOf = (atMs: number): number | null => {
    const segment = segments.findLast(({ fromMs }) => fromMs <= atMs);
    return segment === undefined || atMs > segment.toMs ? null : xIn(segment, atMs);
  };
  const whole = scope === 'whole' && segments.length === 1;
  const seconds = `${Number((totalMs / 1000).toPrecision(3))} s in all`;
  return {
    series: segments.map(({ series, offsetMs }) => ({ ...series, fromMs: offsetMs })),
    xOf,
    piecesOf,
    bands: arm.restarts.flatMap((restart) =>
      phasesOf(restart).flatMap(({ moment, fromMs, toMs }) =>
        piecesOf(fromMs, toMs).map((piece): Band => ({ ...piece, color: `$${moment}`, opacity: PHASE_TINT })),
      ),
    ),
    lines: arm.restarts.flatMap(({ signalledAtMs, number }): Line[] => {
      const at = xOf(signalledAtMs);
      return at === null ? [] : [{ at, color: '$muted', label: `#${number}` }];
    }),
    min: rounded((segments[0]?.offsetMs ?? 0) / 1000),
    max: rounded(Math.max(1, endOf(segments.at(-1))) / 1000),
    axis: {
      title: axisTitle(
        whole
          ? 'seconds since the start of the run'
          : scope === 'windows'
            ? `restart windows side by side, ${seconds}`
            : `${segments.length} sessions side by side, ${seconds}`,
      ),
      ticks: whole ? { ...TICKS, maxRotation: 0, includeBounds: false } : { display: false },
    },
  };
}

function segmentOf(series: Series, offsetMs: number): Segment {
  return {
    series,
    fromMs: series.fromMs,
    toMs: series.fromMs + series.bucketMs * series.offeredPerSecond.length,
    offsetMs,
  };
}

/** One after another, with a small space between them. */
function sideBySide(all: readonly Series[]): Segment[] {
  const totalMs = all.reduce((sum, series) => sum + series.bucketMs * series.offeredPerSecond.length, 0);
  const spaceMs = (SPACE * totalMs) / Math.max(1, all.length);
  const segments: Segment[] = [];
  for (const series of all) {
    segments.push(segmentOf(series, segments.length === 0 ? 0 : endOf(segments.at(-1)) + spaceMs));
  }
  return segments;
}

const endOf = (segment: Segment | undefined): number =>
  segment === undefined ? 0 : segment.offsetMs + segment.toMs - segment.fromMs;
const xIn = (segment: Segment, atMs: number): number => rounded((segment.offsetMs + atMs - segment.fromMs) / 1000);
