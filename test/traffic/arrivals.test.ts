import { describe, expect, it } from 'vitest';
import type { PlannedStream } from '../../src/model/plan.ts';
import { openArrivals } from '../../src/traffic/arrivals.ts';
import type { Client, Observation } from '../../src/traffic/client.ts';
import { openRecorder, type AgentEvent } from '../../src/traffic/recorder.ts';

/** A stream whose clock and answers are in the test's hand. */
function openScene(rate: number, more: { method?: string; retry?: 'none' | 'idempotent'; connections?: number } = {}) {
  const events: AgentEvent[] = [];
  const sent: { dueMs: number; fresh: boolean; isDone: boolean; done: (observation: Observation) => void }[] = [];
  const lateness: number[] = [];
  const clock = { ms: 0 };
  const client: Client = {
    send(dueMs, done, fresh = false) {
      const request = { dueMs, fresh, isDone: false, done: (seen: Observation) => done(seen) };
      request.done = (seen) => {
        request.isDone = true;
        done(seen);
      };
      sent.push(request);
    },
    get free() {
      return Math.max(0, (more.connections ?? Infinity) - sent.filter(({ isDone }) => !isDone).length);
    },
    open: 0,
    busy: 0,
    close: () => undefined,
  };
  const stream: PlannedStream = {
    name: 'stream',
    ratePerSecond: rate,
    firstDueMs: 1,
    connection: 'reused',
    connections: 2,
    request: { method: more.method ?? 'GET', path: '/', headers: {}, expect: {} },
  };
  const recorder = openRecorder((event) => events.push(event), false);
  const arrivals = openArrivals({
    stream,
    client,
    retry: more.retry ?? 'none',
    recorder,
    now: () => clock.ms,
    late: (ms) => lateness.push(ms),
  });
  const tickAt = (ms: number): void => {
    clock.ms = ms;
    arrivals.tick();
  };
  return { arrivals, sent, events, recorder, lateness, clock, tickAt };
}

const raced = (dueMs: number): Observation => ({
  dueMs,
  sentMs: dueMs,
  writtenMs: dueMs,
  endMs: dueMs + 0.1,
  connection: 1,
  uses: 5,
  ageMs: 100,
  idleMs: 20,
  rttMs: 0.2,
  bytesWritten: 40,
  bytesRead: 0,
  ending: 'fin',
  unread: true,
  complete: false,
});
const answered = (dueMs: number): Observation => ({
  dueMs,
  sentMs: dueMs + 0.3,
  endMs: dueMs + 1,
  status: 200,
  connection: 2,
  ending: 'open',
  complete: true,
});

describe('arrivals that are late by our own fault', () => {
  const dueIn = (sent: { dueMs: number }[]): number[] => sent.map(({ dueMs }) => dueMs);

  it('wait for an idle connection as long again as they are late', () => {
    const { sent, tickAt, lateness, arrivals } = openScene(100, { connections: 2 });
    // Due at 1, 11, 21, 31; two find a connection, the last is on time.
    tickAt(31);
    expect(dueIn(sent)).toEqual([1, 11, 31]);
    expect(arrivals.nextDueMs).toBe(0);
    tickAt(40.9);
    expect(dueIn(sent)).toEqual([1, 11, 31]);
    // The one due at 21 was 10 ms late at 31, and finds none until 41.
    tickAt(41);
    expect(dueIn(sent)).toEqual([1, 11, 31, 41, 21]);
    expect(lateness).toEqual([30, 20, 0, 0, 20]);
    expect(arrivals.nextDueMs).toBe(51);
  });

  it('leave as soon as one is idle, those that are on time before them', () => {
    const { sent, tickAt } = openScene(100, { connections: 1 });
    tickAt(25);
    expect(dueIn(sent)).toEqual([1]);
    sent[0]?.done(answered(1));
    tickAt(26);
    expect(dueIn(sent)).toEqual([1, 11]);
    sent[1]?.done(answered(11));
    tickAt(31);
    expect(dueIn(sent)).toEqual([1, 11, 31, 21]);
  });

  it('are settled like any other, and never sent later than 250 ms', () => {
    const { sent, tickAt, arrivals, events, recorder } = openScene(10, { connections: 0 });
    tickAt(201);
    arrivals.endAt(202);
    // Those due at 1 and 101 are held; the one due at 201 is on time.
    expect(dueIn(sent)).toEqual([201]);
    tickAt(251.1);
    tickAt(301);
    expect(dueIn(sent)).toEqual([201, 101]);
    sent.forEach(({ dueMs, done }) => done(answered(dueMs)));
    recorder.flush();
    expect(events).toContainEqual(expect.objectContaining({ kind: 'failure', seq: 0, outcome: 'unsent' }));
    expect(arrivals.settled).toBe(true);
  });

  it('do not wait where each opens a connection of its own', () => {
    const { sent, tickAt } = openScene(100);
    tickAt(31);
    expect(dueIn(sent)).toEqual([1, 11, 21, 31]);
  });
});

describe('arrivals', () => {
  it('go out when they are due, neither before nor twice', () => {
    const { sent, tickAt } = openScene(1000);
    tickAt(0.9);
    expect(sent).toHaveLength(0);
    tickAt(1);
    tickAt(1);
    expect(sent.map(({ dueMs }) => dueMs)).toEqual([1]);
    tickAt(4.5);
    expect(sent.map(({ dueMs }) => dueMs)).toEqual([1, 2, 3, 4]);
  });

  it('are unsent when the harness is late by more than 250 ms, and never sent in a burst', () => {
    const { sent, events, lateness, tickAt } = openScene(100);
    tickAt(1001);
    const unsent = events.filter((event) => event.kind === 'failure' && event.outcome === 'unsent');
    expect(unsent).toHaveLength(75);
    expect(unsent[0]).toMatchObject({
      seq: 0,
      story: { connection: -1, note: expect.stringContaining('1000 ms late') },
    });
    expect(sent.map(({ dueMs }) => dueMs)[0]).toBe(751);
    expect(sent).toHaveLength(26);
    expect(lateness).toHaveLength(101);
  });

  it('are not held against the target when they time out while the harness stands still', () => {
    const { sent, events, tickAt } = openScene(1);
    const stuck = (dueMs: number, endMs: number): Observation => ({
      ...answered(dueMs),
      endMs,
      complete: false,
      deadline: 'total',
    });
    for (let ms = 0; ms <= 1001; ms += 1) tickAt(ms);
    sent[0]?.done(stuck(1, 1001));
    tickAt(1500);
    sent[1]?.done(stuck(1001, 1500));
    expect(events).toMatchObject([
      { seq: 0, outcome: 'timeout' },
      {
        seq: 1,
        outcome: 'unsent',
        story: { note: 'The harness stood still for 499 ms while this request was under way, so that it timed out.' },
      },
    ]);
  });

  it('end at a moment: what was due before is sent, nothing after, and all of it is waited for', () => {
    const { arrivals, sent, tickAt } = openScene(1000);
    tickAt(2);
    arrivals.endAt(5);
    expect(arrivals.due).toBe(4);
    tickAt(10);
    expect(sent).toHaveLength(4);
    expect(arrivals.settled).toBe(false);
    for (const { dueMs, done } of sent) done(answered(dueMs));
    expect(arrivals.settled).toBe(true);
  });

  it('count as due what has been sent already when the end is told too late', () => {
    const { arrivals, tickAt } = openScene(1000);
    tickAt(10);
    arrivals.endAt(5);
    expect(arrivals.due).toBe(10);
  });

  it('are never repeated when clients do not', () => {
    const { sent, events, tickAt } = openScene(1000);
    tickAt(1);
    sent[0]?.done(raced(1));
    expect(sent).toHaveLength(1);
    expect(events).toMatchObject([{ kind: 'failure', outcome: 'raced' }]);
  });

  it('are repeated once, on a new connection, when clients repeat raced idempotent requests', () => {
    const { arrivals, sent, events, recorder, tickAt } = openScene(1000, { retry: 'idempotent' });
    tickAt(2);
    arrivals.endAt(2.5);
    sent[0]?.done(raced(1));
    sent[1]?.done(raced(2));
    expect(sent.slice(2)).toMatchObject([
      { dueMs: 1, fresh: true },
      { dueMs: 2, fresh: true },
    ]);
    expect(arrivals.settled).toBe(false);
    sent[2]?.done(answered(1));
    sent[3]?.done(raced(2));
    expect(sent).toHaveLength(4);
    recorder.flush();
    // Lateness is that of the first try.
    expect(events).toMatchObject([
      { kind: 'failure', seq: 1, outcome: 'raced', story: { retries: 1 } },
      { kind: 'answered', seq: [0], retries: [1], lateUs: [0] },
    ]);
    expect(arrivals.settled).toBe(true);
  });

  it.each([
    ['an RST before any of the answer came', { ending: 'rst' }, 2],
    ['a FIN without one, the request perhaps read', { ending: 'fin' }, 2],
    ['an answer that was cut', { ending: 'rst', bytesRead: 9 }, 1],
    ['a new connection', { ending: 'rst', uses: 0 }, 1],
  ] as const)('of a reused connection are repeated as RFC 9110 allows: %s', (_, more, times) => {
    const { sent, tickAt } = openScene(1000, { retry: 'idempotent' });
    tickAt(1);
    const { unread: _unread, ...seen } = raced(1);
    sent[0]?.done({ ...seen, ...more });
    expect(sent).toHaveLength(times);
  });

  it('are not repeated when the method is not idempotent', () => {
    const { sent, tickAt } = openScene(1000, { retry: 'idempotent', method: 'POST' });
    tickAt(1);
    sent[0]?.done(raced(1));
    expect(sent).toHaveLength(1);
  });
});
