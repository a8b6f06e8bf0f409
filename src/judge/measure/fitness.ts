/**
 * Whether machine and harness were fit in a restart's window: whether slowness there says anything about the target.
 *
 * Rule: what can be mere slowness (a timeout, a spike, a gap of nothing but timeouts) counts against the target only
 * where they were fit. What the server is seen to have done (refused, reset, closed, truncated) counts always.
 *
 * The machine was not fit when others used a good part of it while tasks waited for a core. A target that keeps its own
 * machine busy is no excuse for it. The harness was not fit when one request in a hundred left a second late: a shorter
 * delay explains a slow answer, and no timeout.
 */
import type { EventOf } from '../../model/event.ts';
import { ascendingOf, quantileOf } from '../../model/quantile.ts';
import type { SessionRecording } from '../fold/recording.ts';
import { dueMsOf } from '../fold/recording.ts';
import { LATE_MS } from './lateness.ts';

/** A quarter of all cores used by others (or stolen), and some task without a core in two fifths of the time. */
const UNFIT_OTHERS_SHARE = 0.25;
const UNFIT_STALLED_SHARE = 0.4;
/** In its place where the kernel does not say how long tasks waited. */
const UNFIT_BUSY_SHARE = 0.95;
const UNFIT_LATE_MS = 1000;

/** The state of machine and harness in a window. */
export interface Fitness {
  fit: boolean;
  /** Less than one request in a hundred left so late that a slow answer may be our own delay. */
  punctual: boolean;
  /** The greatest share of the machine that others used, stolen time included, 0 to 1; null when it is not known. */
  othersShare: number | null;
  /** One request in a hundred left so late or later, ms. */
  lateP99Ms: number;
}

/** The fitness between two moments, ms since the run's start. */
export function fitnessBetween(session: SessionRecording, fromMs: number, toMs: number): Fitness {
  const looks = session.machine.filter(({ atMs, tookMs }) => atMs >= fromMs && atMs - tookMs <= toMs);
  const unfit = looks.filter(isOverrun);
  const lateP99Ms = lateP99MsBetween(session, fromMs, toMs);
  const shares = looks.flatMap(({ othersShare, stolenShare }) =>
    othersShare === undefined ? [] : [othersShare + stolenShare],
  );
  return {
    fit: unfit.length === 0 && lateP99Ms < UNFIT_LATE_MS,
    punctual: lateP99Ms < LATE_MS,
    othersShare: shares.length === 0 ? null : Math.max(...shares),
    lateP99Ms,
  };
}

function isOverrun({ othersShare = 0, stolenShare, stalledShare, busyShare }: EventOf<'machine'>): boolean {
  const waiting =
    stalledShare === undefined ? busyShare + stolenShare >= UNFIT_BUSY_SHARE : stalledShare >= UNFIT_STALLED_SHARE;
  return waiting && othersShare + stolenShare >= UNFIT_OTHERS_SHARE;
}

function lateP99MsBetween(session: SessionRecording, fromMs: number, toMs: number): number {
  const parts = session.streams.map((stream) => {
    const { arrivals, ratePerSecond } = stream;
    const firstMs = dueMsOf(session, stream, 0);
    const seqAt = (ms: number): number => Math.max(0, Math.ceil(((ms - firstMs) * ratePerSecond) / 1000));
    const from = seqAt(fromMs);
    return arrivals.lateUs.subarray(from, seqAt(toMs)).filter((_, seq) => arrivals.timesSeen[from + seq] !== 0);
  });
  return quantileOf(ascendingOf(parts), 0.99) / 1000;
}
