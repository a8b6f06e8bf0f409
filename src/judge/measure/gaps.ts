/**
 * Gaps: times without any answer to a fresh arrival.
 *
 * Rule: a gap lies between two arrivals that were answered, one after another in the order of their due moments, with
 * at least one between them that was not. Its length is the time between those two due moments less one inter-arrival
 * time: that much passes between two answered arrivals of an undisturbed stream, too. So a server that is down for d ms
 * is found to be down for d ms, give or take one inter-arrival time, and one lost arrival alone is a gap of one
 * inter-arrival time. A late answer ends a gap all the same: what is slow is a stall, not a gap. Arrivals that the
 * harness did not send, or that a broken-off log lacks, say nothing either way.
 *
 * Fresh arrivals are those of streams on new connections; where a scenario has none, all streams are taken.
 */
import { outcomeAt } from '../fold/columns.ts';
import { dueMsOf, type SessionRecording } from '../fold/recording.ts';
import { windowTouched, type Window } from './windows.ts';

export interface Gap {
  session: number;
  /** When the first arrival that met no answer was due, nearly; ms since the run's start. */
  fromMs: number;
  toMs: number;
  gapMs: number;
  /** The restart that it belongs to; undefined in quiet time. */
  window: Window | undefined;
}

/** All gaps of a session, in the order of time. */
export function gapsOf(session: SessionRecording, windows: readonly Window[]): Gap[] {
  const fresh = session.streams.filter(({ connection }) => connection === 'new');
  const streams = (fresh.length > 0 ? fresh : session.streams).filter(({ arrivals }) => arrivals.length > 0);
  const betweenMs = 1000 / streams.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
  const next = streams.map(() => 0);
  const dueOfNext = streams.map((stream) => dueMsOf(session, stream, 0));

  const gaps: Gap[] = [];
  let answeredMs = Math.min(...dueOfNext) - betweenMs;
  let lastMs = answeredMs;
  let missed = false;
  const close = (toMs: number): void => {
    const fromMs = answeredMs + betweenMs;
    const gapMs = toMs - fromMs;
    if (missed && gapMs > 0) {
      gaps.push({ session: session.session, fromMs, toMs, gapMs, window: windowTouched(windows, fromMs, toMs) });
    }
    missed = false;
  };

  for (;;) {
    const dueMs = Math.min(...dueOfNext);
    if (!Number.isFinite(dueMs)) break;
    const position = dueOfNext.indexOf(dueMs);
    const stream = streams[position] as (typeof streams)[number];
    const seq = next[position] as number;
    next[position] = seq + 1;
    dueOfNext[position] = seq + 1 < stream.arrivals.length ? dueMsOf(session, stream, seq + 1) : Infinity;

    const outcome = outcomeAt(stream.arrivals, seq);
    if (outcome === undefined || outcome === 'unsent') continue;
    lastMs = dueMs;
    if (outcome === 'answered') {
      close(dueMs);
      answeredMs = dueMs;
    } else {
      missed = true;
    }
  }
  close(lastMs + betweenMs);
  return gaps;
}

/** The longest of some gaps; 0 when there are none. */
export function longestMs(gaps: readonly Gap[]): number {
  return gaps.reduce((longest, { gapMs }) => Math.max(longest, gapMs), 0);
}
