import { describe, expect, it } from 'vitest';
import type { RestartMoment } from '../../../src/model/event.ts';
import type { SessionRecording } from '../../../src/judge/fold/recording.ts';
import { placementOf, windowTouched, windowsOf } from '../../../src/judge/measure/windows.ts';
import { logOf, recordingOf, type LogOptions } from '../log.ts';

const sessionOf = (options: LogOptions): SessionRecording =>
  recordingOf(logOf(options)).sessions[0] as SessionRecording;
const windowsWith = (moments: Partial<Record<RestartMoment, number>>, more: LogOptions = {}) =>
  windowsOf(sessionOf({ restarts: 1, moments: () => moments, ...more }), 500).map(({ signalledAtMs, settledAtMs }) => [
    signalledAtMs,
    settledAtMs,
  ]);
const step = (atMs: number) =>
  ({ kind: 'step', session: 0, restart: 0, index: 0, text: 'start', atMs, tookMs: 5 }) as const;

describe('windows', () => {
  it('reach from the signal until things have settled', () => {
    expect(windowsWith({ began: 990, signalled: 1000, completed: 1300, settled: 2000 })).toEqual([[1000, 2000]]);
  });

  it('end with the quiet time after the completion when nothing says that they settled', () => {
    expect(windowsWith({ signalled: 1000, completed: 1300 })).toEqual([[1000, 1800]]);
  });

  it('end with the traffic when the restart never completed', () => {
    expect(windowsWith({ signalled: 1000 })).toEqual([[1000, 3000]]);
  });

  it('begin with what is known when there was no signal', () => {
    expect(windowsWith({ began: 990, settled: 2000 })).toEqual([[990, 2000]]);
    expect(windowsWith({ began: 990, settled: 2000 }, { more: [step(995)] })).toEqual([[995, 2000]]);
  });

  it('never reach into the next', () => {
    const session = sessionOf({ restarts: 2, moments: (n) => ({ signalled: 1000 + 1000 * n }) });
    expect(windowsOf(session, 500).map(({ settledAtMs }) => settledAtMs)).toEqual([2000, 5000]);
  });

  it('hold the arrivals whose life touches them, the first window that it touches', () => {
    // Settled at 2000, the next signal at 3000: the answers to arrivals due at 950 and 1950 come 60 ms and 1100 ms
    // later.
    const fate = (dueMs: number): number => (dueMs === 950 ? 60 : dueMs === 1950 || dueMs === 2010 ? 1100 : 1);
    const session = sessionOf({ restarts: 2, fate });
    const windows = windowsOf(session, 500);
    const placement = placementOf(session, session.streams[0] as SessionRecording['streams'][number], windows);
    const at = (dueMs: number): number | undefined => placement[dueMs / 10];
    expect([940, 950, 990, 1000, 1950, 2000, 2010, 2020, 2990, 3000].map(at)).toEqual([
      -1, 0, -1, 0, 0, 0, 1, -1, -1, 1,
    ]);
    for (const dueMs of [940, 950, 1950, 2010, 2020]) {
      const window = windowTouched(windows, dueMs, dueMs + fate(dueMs));
      expect(window === undefined ? -1 : windows.indexOf(window)).toBe(at(dueMs));
    }
  });
});
