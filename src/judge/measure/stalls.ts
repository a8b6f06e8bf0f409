/**
 * Spikes and stalls: answers that came, but late.
 *
 * Rule: a spike is an answer slower than the limit of its stream. A stall is a run of spikes: those whose lives, from
 * due to end, overlap or follow one another within 50 ms. It lasts from its first due moment to its last end.
 *
 * The limit is thresholds.spikes.over. Where that is not given it is learnt from the answers of the same stream in
 * quiet time:
 *   median + max(10 ms, 5 x (p99 - median), 2 x (p99.9 - median)).
 * So a slow route is judged by its own habits, and nothing that quiet time does once in a thousand times is called a
 * spike.
 */
import type { Stall } from '../../model/result.ts';
import { isAnswered, latencyUsOf, type StreamLatencies } from './latency.ts';
import { quantileOf } from '../../model/quantile.ts';
import { dueMsOf } from '../fold/recording.ts';
import type { SessionTally } from './tally.ts';
import { windowTouched, type Window } from './windows.ts';

/** Spikes further apart than this are two stalls. */
const APART_MS = 50;
/** Stalls shorter than this are met on a quiet machine too (see the design, section 12). */
const LEAST_EXCESS_MS = 10;

export interface SpikeLimits {
  /** By stream; a stream without an answer in quiet time has no learnt limit. */
  byStreamMs: Map<string, number>;
  learnt: boolean;
  /**
   * The slowest that quiet time is but for one answer in a thousand, the worst stream's; a limit below it tells
   * nothing.
   */
  noiseFloorMs: number;
}

export interface Spike {
  dueMs: number;
  endMs: number;
  latencyMs: number;
  window: Window | undefined;
}

/** The spike limits of an arm's streams. `overMs` is the limit that the scenario gives. */
export function spikeLimitsOf(
  latencies: ReadonlyMap<string, StreamLatencies>,
  overMs: number | undefined,
): SpikeLimits {
  const byStreamMs = new Map<string, number>();
  let noiseFloorMs = 0;
  for (const [stream, { quietUs }] of latencies) {
    const [median = 0, p99 = 0, p999 = 0] = [0.5, 0.99, 0.999].map((q) => quantileOf(quietUs, q) / 1000);
    noiseFloorMs = Math.max(noiseFloorMs, p999);
    if (overMs !== undefined) byStreamMs.set(stream, overMs);
    else if (quietUs.length > 0) {
      byStreamMs.set(stream, median + Math.max(LEAST_EXCESS_MS, 5 * (p99 - median), 2 * (p999 - median)));
    }
  }
  return { byStreamMs, learnt: overMs === undefined, noiseFloorMs };
}

/** The spikes of a session, in the order of their due moments. */
export function spikesOf(tally: SessionTally, limits: SpikeLimits): Spike[] {
  const { session, windows, slowPlacements } = tally;
  const spikes = session.streams.flatMap((stream, position) => {
    const { arrivals } = stream;
    const limitUs = (limits.byStreamMs.get(stream.name) ?? Infinity) * 1000;
    const found: Spike[] = [];
    for (let seq = 0; seq < arrivals.length; seq += 1) {
      const latencyUs = latencyUsOf(arrivals, seq);
      if (latencyUs <= limitUs || !isAnswered(arrivals, seq)) continue;
      const dueMs = dueMsOf(session, stream, seq);
      const window = windows[slowPlacements[position]?.[seq] as number];
      found.push({
        dueMs,
        endMs: dueMs + (arrivals.latencyUs[seq] as number) / 1000,
        latencyMs: latencyUs / 1000,
        window,
      });
    }
    return found;
  });
  return spikes.sort((one, other) => one.dueMs - other.dueMs);
}

/** The stalls that some spikes of one session make up. */
export function stallsOf(spikes: readonly Spike[], windows: readonly Window[]): Stall[] {
  const stalls: Stall[] = [];
  for (const { dueMs, endMs, latencyMs } of spikes) {
    const open = stalls.at(-1);
    if (open === undefined || dueMs > open.atMs + open.lastedMs + APART_MS) {
      stalls.push({ atMs: dueMs, lastedMs: endMs - dueMs, answers: 1, worstMs: latencyMs, restart: null });
    } else {
      open.lastedMs = Math.max(open.lastedMs, endMs - open.atMs);
      open.answers += 1;
      open.worstMs = Math.max(open.worstMs, latencyMs);
    }
  }
  for (const stall of stalls) {
    stall.restart = windowTouched(windows, stall.atMs, stall.atMs + stall.lastedMs)?.restart.index ?? null;
  }
  return stalls;
}
