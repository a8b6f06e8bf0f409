import { describe, expect, it } from 'vitest';
import { Event } from '../../src/model/event.ts';
import type { Observation } from '../../src/traffic/client.ts';
import { openRecorder, type AgentEvent } from '../../src/traffic/recorder.ts';
import { storyOf } from '../../src/traffic/story.ts';

function answer(dueMs: number, more: Partial<Observation> = {}): Observation {
  return {
    dueMs,
    sentMs: dueMs + 0.5,
    writtenMs: dueMs + 0.7,
    firstByteMs: dueMs + 1.5,
    endMs: dueMs + 2,
    connection: 3,
    ending: 'open',
    complete: true,
    ...more,
  };
}

describe('the recorder', () => {
  it('holds answers back in columns, microseconds, and tells 500 at once', () => {
    const events: AgentEvent[] = [];
    const recorder = openRecorder((event) => events.push(event), false);
    const stream = recorder.stream('fresh');
    for (let seq = 0; seq < 501; seq += 1) stream.answered(seq, answer(seq * 2), 0);
    expect(events).toHaveLength(1);
    recorder.flush();
    recorder.flush();
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual({
      kind: 'answered',
      stream: 'fresh',
      seq: [500],
      lateUs: [500],
      waitUs: [200],
      firstByteUs: [1500],
      latencyUs: [2000],
      connection: [3],
    });
    expect(recorder.totals.answered).toBe(501);
    for (const event of events) expect(Event.safeParse({ ...event, session: 0 }).success).toBe(true);
  });

  it('has a column of retries only in batches that have some', () => {
    const events: AgentEvent[] = [];
    const recorder = openRecorder((event) => events.push(event), false);
    const stream = recorder.stream('keepalive');
    stream.answered(0, answer(0), 0);
    stream.answered(1, answer(1), 1);
    stream.answered(2, answer(2), 0);
    recorder.flush();
    expect(events[0]).toMatchObject({ retries: [0, 1, 0] });
  });

  it('tells an identity before the first answer that bears it', () => {
    const events: AgentEvent[] = [];
    const recorder = openRecorder((event) => events.push(event), true);
    const stream = recorder.stream('fresh');
    stream.answered(0, answer(0, { identity: 'a' }), 0);
    stream.answered(1, answer(1, { identity: 'b' }), 0);
    stream.answered(2, answer(2), 0);
    stream.answered(3, answer(3, { identity: 'a' }), 0);
    recorder.flush();
    expect(events.map((event) => event.kind)).toEqual(['identity', 'identity', 'answered']);
    expect(events[2]).toMatchObject({ identity: [0, 1, -1, 0] });
  });

  it('tells a failure at once, with a story that the log knows', () => {
    const events: AgentEvent[] = [];
    const recorder = openRecorder((event) => events.push(event), true);
    const seen = answer(10, {
      complete: false,
      ending: 'rst',
      errno: 'ECONNRESET',
      bytesWritten: 40,
      uses: 2,
      unread: true,
      protocolProblem: 'none',
    });
    recorder.stream('fresh').failed(5, 'reset', storyOf(seen, 1, 0, 'in words'));
    expect(events).toHaveLength(1);
    expect(Event.parse({ ...events[0], session: 4 })).toEqual({ ...events[0], session: 4 });
    expect(events[0]).toMatchObject({
      seq: 5,
      outcome: 'reset',
      story: { errno: 'ECONNRESET', retries: 1, identity: 0, note: 'in words', uses: 2 },
    });
    expect(recorder.totals).toEqual({ answered: 0, lost: 1, raced: 0, other: 0 });
  });
});
