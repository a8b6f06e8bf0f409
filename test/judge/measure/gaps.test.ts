import { describe, expect, it } from 'vitest';
import { gapsOf, longestMs } from '../../../src/judge/measure/gaps.ts';
import type { SessionRecording } from '../../../src/judge/fold/recording.ts';
import { windowsOf } from '../../../src/judge/measure/windows.ts';
import { logOf, recordingOf, type LogOptions, type LoggedStream } from '../log.ts';

function gapsWith(options: LogOptions) {
  const session = recordingOf(logOf({ restarts: 1, ...options })).sessions[0] as SessionRecording;
  return gapsOf(session, windowsOf(session, 1000));
}
const down =
  (fromMs: number, toMs: number): LoggedStream['fate'] =>
  (dueMs) =>
    dueMs >= fromMs && dueMs < toMs ? 'refused' : 1;

describe('gaps', () => {
  it('is as long as the server was down, give or take one inter-arrival time', () => {
    for (const fromMs of [1000, 1000.5, 1001.9]) {
      const [gap, ...others] = gapsWith({ streams: [{ ratePerSecond: 500, fate: down(fromMs, fromMs + 200) }] });
      expect(others).toEqual([]);
      expect(Math.abs((gap?.gapMs ?? 0) - 200)).toBeLessThanOrEqual(2);
      expect(gap?.window?.restart.index).toBe(0);
    }
  });

  it('is 0 when everything was answered, however slowly', () => {
    expect(gapsWith({ fate: (dueMs) => (dueMs > 1000 && dueMs < 1500 ? 1500 - dueMs : 1) })).toEqual([]);
  });

  it('is one inter-arrival time for one lost arrival', () => {
    expect(gapsWith({ fate: (dueMs) => (dueMs === 1010 ? 'reset' : 1) }).map(({ gapMs }) => gapMs)).toEqual([10]);
  });

  it('is interrupted by any answer, of whatever fresh stream', () => {
    const slower = { name: 'other', ratePerSecond: 10, firstDueMs: 5 };
    const longest = (fate: LoggedStream['fate']): number =>
      longestMs(gapsWith({ streams: [{ fate: down(1000, 1200) }, { ...slower, fate }] }));
    expect(Math.abs(longest(down(1000, 1200)) - 200)).toBeLessThanOrEqual(10);
    expect(longest(() => 1)).toBeLessThanOrEqual(110);
  });

  it('looks at fresh arrivals, and at reused connections only where there is nothing else', () => {
    const reused = { name: 'keepalive', connection: 'reused' as const, fate: down(1000, 1200) };
    expect(gapsWith({ streams: [{}, reused] })).toEqual([]);
    expect(longestMs(gapsWith({ streams: [reused] }))).toBe(200);
  });

  it('leaves out what the harness did not send', () => {
    expect(gapsWith({ fate: (dueMs) => (dueMs >= 1000 && dueMs < 1500 ? 'unsent' : 1) })).toEqual([]);
    expect(gapsWith({ fate: (dueMs) => (dueMs >= 1000 && dueMs < 1500 ? null : 1), trafficEnd: false })).toEqual([]);
  });

  it('counts an outage that begins or ends with the traffic', () => {
    expect(longestMs(gapsWith({ fate: down(2500, 9999) }))).toBe(500);
    expect(longestMs(gapsWith({ fate: down(0, 300) }))).toBe(300);
    expect(gapsWith({ fate: down(0, 300) })[0]?.window).toBeUndefined();
  });

  it('knows sessions without traffic', () => {
    expect(gapsWith({ streams: [] })).toEqual([]);
  });
});
