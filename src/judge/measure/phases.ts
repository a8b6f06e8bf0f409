/**
 * The phases of a restart: what the target was doing at a moment.
 *
 * Rule: the phase is the last moment that the restart had reached, in the order of time, for strategies reach them in
 * different orders.
 */
import type { RestartRecording, SessionRecording } from '../fold/recording.ts';

export const PHASES = ['before', 'signalled', 'listening', 'ready', 'not-accepting', 'gone', 'settled'] as const;
export type Phase = (typeof PHASES)[number];

/** What each phase means, as the second half of a sentence. */
export const PHASE_MEANINGS: Readonly<Record<Phase, string>> = {
  before: 'before the signal',
  signalled: 'right after the signal',
  listening: 'when the successor listened but was not yet ready',
  ready: 'when the successor was ready',
  'not-accepting': 'when the old instance no longer accepted connections',
  gone: 'when the old instance was gone',
  settled: 'after the restart had settled',
};

/** The phase of one restart at a moment (ms since the run's start). */
export function phaseIn(restart: RestartRecording, atMs: number): Phase {
  let phase: Phase = 'before';
  let sinceMs = -Infinity;
  for (const candidate of PHASES) {
    if (candidate === 'before') continue;
    const reachedMs = restart.moments[candidate];
    if (reachedMs === undefined || reachedMs > atMs || reachedMs < sinceMs) continue;
    phase = candidate;
    sinceMs = reachedMs;
  }
  return phase;
}

/**
 * The phase of a session at a moment, and the restart that it is a phase of: the last one that had begun, else the
 * first to come.
 */
export function phaseOf(session: SessionRecording, atMs: number): { restart: RestartRecording | null; phase: Phase } {
  const begun = session.restarts.findLast(({ moments }) => (moments.began ?? moments.signalled ?? Infinity) <= atMs);
  const restart = begun ?? session.restarts[0] ?? null;
  return { restart, phase: restart === null ? 'before' : phaseIn(restart, atMs) };
}
