import { describe, expect, it } from 'vitest';
import { outcomeAt } from '../../../src/judge/fold/columns.ts';
import { dueMsOf, startRecording, type SessionRecording } from '../../../src/judge/fold/recording.ts';
import { headEvent, logOf, recordingOf, scenarioOf, sessionEvents, story } from '../log.ts';

describe('a recording', () => {
  it('holds each arrival in columns, by its number', () => {
    const { sessions } = recordingOf(logOf({ restarts: 1, fate: (dueMs) => (dueMs === 1010 ? 'refused' : 3) }));
    const [session] = sessions as [SessionRecording];
    const [stream] = session.streams;
    expect(stream?.arrivals.length).toBe(300);
    expect(stream?.arrivals.latencyUs.length).toBe(300);
    expect(stream?.arrivals.latencyUs[100]).toBe(3000);
    expect(stream && outcomeAt(stream.arrivals, 100)).toBe('answered');
    expect(stream && outcomeAt(stream.arrivals, 101)).toBe('refused');
    expect(stream && dueMsOf(session, stream, 101)).toBe(1010);
    expect(session.failures).toHaveLength(1);
  });

  it('takes arrivals out of order and tells a missing one from an answered one', () => {
    const recording = startRecording();
    for (const event of [
      headEvent(scenarioOf(1)),
      ...sessionEvents({ restarts: 0, fate: () => null, trafficEnd: false }),
    ]) {
      recording.add(event);
    }
    for (const seq of [4000, 2]) {
      recording.add({
        kind: 'answered',
        session: 0,
        stream: 'fresh',
        seq: [seq],
        lateUs: [0.4],
        waitUs: [1],
        firstByteUs: [2],
        latencyUs: [2.6],
        connection: [9],
      });
    }
    const arrivals = recording.finish().sessions[0]?.streams[0]?.arrivals;
    expect(arrivals?.length).toBe(4001);
    expect(arrivals && [outcomeAt(arrivals, 2), outcomeAt(arrivals, 3)]).toEqual(['answered', undefined]);
    expect(arrivals?.latencyUs[4000]).toBe(3);
    expect(arrivals?.identity[4000]).toBe(-1);
  });

  it('converts a story into the units of the columns', () => {
    const more = [
      {
        kind: 'failure',
        session: 0,
        stream: 'fresh',
        seq: 5,
        outcome: 'closed',
        story: story(50, 20, { sentMs: 51, writtenMs: 53, firstByteMs: 60, retries: 1 }),
      },
    ] as const;
    const arrivals = recordingOf(logOf({ restarts: 1, fate: (_, seq) => (seq === 5 ? null : 1), more: [...more] }))
      .sessions[0]?.streams[0]?.arrivals;
    expect([
      arrivals?.lateUs[5],
      arrivals?.waitUs[5],
      arrivals?.firstByteUs[5],
      arrivals?.latencyUs[5],
      arrivals?.retries[5],
    ]).toEqual([1000, 2000, 10_000, 20_000, 1]);
  });

  it('numbers the restarts of an arm through its sessions', () => {
    const sessions = [0, 1].flatMap((session) => sessionEvents({ session, restarts: 2 }));
    const recording = recordingOf([headEvent(scenarioOf(4)), ...sessions, { kind: 'end', atMs: 1 }]);
    expect(recording.sessions.flatMap(({ restarts }) => restarts.map(({ index }) => index))).toEqual([0, 1, 2, 3]);
  });

  it('says how a run ended', () => {
    expect(recordingOf(logOf()).endAtMs).toBe(100_000);
    expect(recordingOf(logOf({ end: false })).endAtMs).toBeNull();
    expect(recordingOf([...logOf(), { kind: 'interrupted', atMs: 5 }]).interruptedAtMs).toBe(5);
  });

  it('refuses a log that cannot be', () => {
    expect(() => recordingOf([])).toThrow('does not begin with its run');
    expect(() => recordingOf([headEvent({}), { kind: 'pressure', session: 3, requests: 0, errors: 0 }])).toThrow(
      'session 3 (pressure) before it began',
    );
    const stray = { kind: 'failure', session: 0, stream: 'other', seq: 0, outcome: 'reset', story: story(0) } as const;
    expect(() => recordingOf(logOf({ more: [stray] }))).toThrow('no such stream');
    expect(() => recordingOf(logOf({ more: [{ ...stray, stream: 'fresh', seq: -1 }] }))).toThrow('number -1');
  });
});
