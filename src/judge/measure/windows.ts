/**
 * The windows around restarts: what belongs to a restart, and what is quiet time.
 *
 * Rule: a window begins with the signal, or what stands for it: the first step that touches the target; it ends when
 * things have settled. An arrival belongs to the first window that its life, from due to end, touches; one that touches
 * none is quiet.
 */
import { dueMsOf, type RestartRecording, type SessionRecording, type StreamRecording } from '../fold/recording.ts';

/** One restart's window; moments are ms since the run's start, both ends included. */
export interface Window {
  session: number;
  restart: RestartRecording;
  /** t = 0 in charts. */
  signalledAtMs: number;
  settledAtMs: number;
}

/**
 * The windows of a session, in their order. A restart that never settled ends `quietMs` after it was completed; if it
 * was not completed either, with the session. No window reaches into the next.
 */
export function windowsOf(session: SessionRecording, quietMs: number): Window[] {
  const windows = session.restarts.map((restart): Window => {
    const { began, signalled, completed, settled } = restart.moments;
    const signalledAtMs = signalled ?? restart.steps[0]?.atMs ?? began ?? session.lastAtMs;
    const settledAtMs = settled ?? (completed === undefined ? lastMomentOf(session) : completed + quietMs);
    return { session: session.session, restart, signalledAtMs, settledAtMs };
  });
  return windows.map((window, position) => {
    const nextSignalMs = windows[position + 1]?.signalledAtMs ?? Infinity;
    return { ...window, settledAtMs: Math.max(window.signalledAtMs, Math.min(window.settledAtMs, nextSignalMs)) };
  });
}

/** The last moment of a session: of its log, or of its last arrival. */
function lastMomentOf(session: SessionRecording): number {
  const ends = session.streams.map((stream) => {
    const last = stream.arrivals.length - 1;
    return last < 0 ? session.lastAtMs : dueMsOf(session, stream, last) + (stream.arrivals.latencyUs[last] ?? 0) / 1000;
  });
  return Math.max(session.lastAtMs, ...ends);
}

/** The first window that [fromMs, toMs] touches; undefined in quiet time. */
export function windowTouched(windows: readonly Window[], fromMs: number, toMs: number): Window | undefined {
  const window = windows.find((candidate) => candidate.settledAtMs >= fromMs);
  return window !== undefined && window.signalledAtMs <= toMs ? window : undefined;
}

/** For each arrival of a stream the position of its window in `windows`, -1 in quiet time. */
export function placementOf(
  session: SessionRecording,
  stream: StreamRecording,
  windows: readonly Pick<Window, 'signalledAtMs' | 'settledAtMs'>[],
): Int32Array {
  const { length, latencyUs } = stream.arrivals;
  const placement = new Int32Array(length);
  let next = 0;
  for (let seq = 0; seq < length; seq += 1) {
    const dueMs = dueMsOf(session, stream, seq);
    while (next < windows.length && (windows[next]?.settledAtMs as number) < dueMs) next += 1;
    const window = windows[next];
    placement[seq] =
      window !== undefined && window.signalledAtMs <= dueMs + (latencyUs[seq] as number) / 1000 ? next : -1;
  }
  return placement;
}

/** Whether a restart came to its end with every step done. (The moment `completed` comes after a failed step, too.) */
export function isCompleted({ moments, steps }: RestartRecording): boolean {
  return moments.completed !== undefined && steps.every(({ problem }) => problem === undefined);
}
