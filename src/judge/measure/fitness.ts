/**
 * Whether machine and harness were fit in a restart's window: whether slowness there says anything about the target.
 *
 * Rule: what can be mere slowness (a timeout, a spike, a gap of nothing but timeouts) counts against the target only
 * where they were fit. What the server is seen to have done (refused, reset, closed, truncated) counts always.
 *
 * The machine was not fit when others used a good part of it while tasks waited for a core. A target that keeps its own
 * machine busy is no excuse for it. The harness was not fit when one request in a hundred left a second late: a shorter
 * delay explains a slow answer, and no timeout.
 *
 * What a busy machine explains has an end: a target can't have waited for a core longer than any task did. A gap that
 * is still as long as the client's timeout without that time is the target's own.
 */
import type { EventOf } from '../../model/event.ts';
import type { Counts } from '../../model/outcome.ts';
import { ascendingOf, quantileOf } from '../../model/quantile.ts';
import type { SessionRecording } from '../fold/recording.ts';
import { dueMsOf } from '../fold/recording.ts';
import type { Gap } from './gaps.ts';
import { LATE_MS } from './lateness.ts';

/** A quarter of all cores used by others (or stolen), and some task without a core in two fifths of the time. */
const UNFIT_OTHERS_SHARE = 0.25;
const UNFIT_STALLED_SHARE = 0.4;
/** In its place where the kernel does not say how long tasks waited. */
const UNFIT_BUSY_SHARE = 0.95;
const UNFIT_LATE_MS = 1000;
/** More than this not sent: zerodrop was not there to measure. */
const MOST_UNSENT_SHARE = 0.01;

/** The state of machine and harness in a window. */
export interface Fitness {
  fit: boolean;
  /** Zerodrop itself sent what was due, and less than a second late. */
  sent: boolean;
  /** Whether the timeouts may be nothing but the slowness of a machine or a harness that was not fit. */
  explainsTimeouts: boolean;
  /** Less than one request in a hundred left so late that a slow answer may be our own delay. */
  punctual: boolean;
  /** The greatest share of the machine that others used, stolen time included, 0 to 1; null when it is not known. */
  othersShare: number | null;
  /** One request in a hundred left so late or later, ms. */
  lateP99Ms: number;
}

/** A restart's window, as far as its fitness depends on it; moments in ms since the run's start. */
export interface FitnessOptions {
  fromMs: number;
  toMs: number;
  arrivals: Pick<Counts, 'due' | 'unsent'>;
  gaps: readonly Pick<Gap, 'fromMs' | 'toMs' | 'gapMs'>[];
  /** How long a client waits for an answer, ms. */
  timeoutMs: number;
}

export function fitnessOf(session: SessionRecording, options: FitnessOptions): Fitness {
  const { fromMs, toMs, arrivals, gaps, timeoutMs } = options;
  const looks = looksBetween(session, fromMs, toMs);
  const unfit = looks.filter(isOverrun);
  const lateP99Ms = lateP99MsBetween(session, fromMs, toMs);
  const shares = looks.flatMap(({ othersShare, stolenShare }) =>
    othersShare === undefined ? [] : [othersShare + stolenShare],
  );
  const sent = lateP99Ms < UNFIT_LATE_MS && arrivals.unsent <= arrivals.due * MOST_UNSENT_SHARE;
  const fit = sent && unfit.length === 0;
  const hung = gaps.some((gap) => gap.gapMs - mostWaitedMs(session, gap.fromMs, gap.toMs) >= timeoutMs);
  return {
    fit,
    sent,
    explainsTimeouts: !fit && !(sent && hung),
    punctual: lateP99Ms < LATE_MS,
    othersShare: shares.length === 0 ? null : Math.max(...shares),
    lateP99Ms,
  };
}

/**
 * How much of the time between two moments of a window may be the machine's or our own fault, ms. `fitness` is the
 * window's.
 */
export function explainedMs(
  session: SessionRecording,
  { fit, sent }: Pick<Fitness, 'fit' | 'sent'>,
  fromMs: number,
  toMs: number,
): number {
  if (fit) return 0;
  return sent ? mostWaitedMs(session, fromMs, toMs) : toMs - fromMs;
}

/**
 * How long the target can have waited for a core because others used them, at most, between two moments; ms. Where the
 * kernel does not say how long tasks waited, all the time in which others used a good part of the machine.
 */
function mostWaitedMs(session: SessionRecording, fromMs: number, toMs: number): number {
  return looksBetween(session, fromMs, toMs)
    .filter((look) => usedByOthers(look) >= UNFIT_OTHERS_SHARE)
    .reduce((sum, { atMs, tookMs, stalledShare = 1 }) => {
      const withinMs = Math.min(atMs, toMs) - Math.max(atMs - tookMs, fromMs);
      return sum + Math.min(withinMs, tookMs * stalledShare);
    }, 0);
}

function looksBetween({ machine }: SessionRecording, fromMs: number, toMs: number): EventOf<'machine'>[] {
  return machine.filter(({ atMs, tookMs }) => atMs >= fromMs && atMs - tookMs <= toMs);
}

const usedByOthers = ({ othersShare = 0, stolenShare }: EventOf<'machine'>): number => othersShare + stolenShare;

function isOverrun(look: EventOf<'machine'>): boolean {
  const { stolenShare, stalledShare, busyShare } = look;
  const waiting =
    stalledShare === undefined ? busyShare + stolenShare >= UNFIT_BUSY_SHARE : stalledShare >= UNFIT_STALLED_SHARE;
  return waiting && usedByOthers(look) >= UNFIT_OTHERS_SHARE;
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
