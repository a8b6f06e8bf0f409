/**
 * A plan that is split and merged again: each arrival and each sentinel has one agent, and the log reads as if one had
 * sent it.
 */
import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/model/event.ts';
import { dueCountBy, dueMsOf } from '../../../src/model/pacing.ts';
import type { Plan, PlannedStream } from '../../../src/model/plan.ts';
import { openMerge } from '../../../src/traffic/agents/merge.ts';
import { sendersOf, sharesOf } from '../../../src/traffic/agents/shares.ts';

const request = { method: 'GET', path: '/', headers: {}, expect: {} };
const stream = (more: Partial<PlannedStream>): PlannedStream => ({
  name: 'fresh',
  ratePerSecond: 100,
  firstDueMs: 3.7,
  connection: 'new',
  connections: 1,
  request,
  ...more,
});
const planOf = (streams: PlannedStream[], sentinels: Plan['sentinels'] = []): Plan => ({
  origin: 'http://127.0.0.1:1',
  streams,
  sentinels,
  client: {
    kind: 'wire',
    timeoutMs: 1000,
    connectTimeoutMs: 1000,
    headTimeoutMs: 1000,
    bodyTimeoutMs: 1000,
    retry: 'none',
  },
});

const KEPT = stream({ name: 'kept', connection: 'reused', connections: 5, ratePerSecond: 333.3, firstDueMs: 0.1 });
const FEW = stream({ name: 'few', connection: 'reused', connections: 2, ratePerSecond: 7 });

describe('shares of a plan', () => {
  it.each([1, 2, 3, 5, 7])('of %i agents are the whole plan, each arrival once and on time', (agents) => {
    for (const whole of [stream({}), KEPT, FEW]) {
      const shares = sharesOf(planOf([whole]), agents);
      const due = new Map<number, number>();
      let connections = 0;
      for (const [agent, { streams }] of shares.entries()) {
        for (const own of streams) {
          connections += own.connections;
          for (let n = 0; n < dueCountBy(own, 5000); n += 1) {
            const seq = n * sendersOf(whole, agents) + agent;
            expect(due.has(seq)).toBe(false);
            due.set(seq, dueMsOf(own, n));
          }
        }
      }
      expect(due.size).toBe(dueCountBy(whole, 5000));
      for (const [seq, ms] of due) expect(ms).toBeCloseTo(dueMsOf(whole, seq), 6);
      if (whole.connection === 'reused') expect(connections).toBe(whole.connections);
    }
  });

  it('give each sentinel to one agent', () => {
    const shares = sharesOf(planOf([stream({})], [{ name: 'idle', count: 5, request }]), 3);
    const placed = shares.flatMap(({ sentinels }) =>
      sentinels.flatMap(({ count, share = { agent: 0, of: 1 } }) =>
        Array.from({ length: count }, (_, index) => index).filter((index) => index % share.of === share.agent),
      ),
    );
    expect(placed.sort()).toEqual([0, 1, 2, 3, 4]);
    const one = sharesOf(planOf([stream({})], [{ name: 'idle', count: 1, request }]), 3);
    expect(one.map(({ sentinels }) => sentinels.length)).toEqual([1, 0, 0]);
  });
});

const batch = (seq: number[], connection: number[], identity: number[]): EventOf<'answered'> => {
  const zeros = seq.map(() => 0);
  return {
    kind: 'answered',
    session: 4,
    stream: 'fresh',
    seq,
    connection,
    identity,
    lateUs: zeros,
    waitUs: zeros,
    firstByteUs: zeros,
    latencyUs: zeros,
  };
};
const end = (atMs: number, due: number, sentinelsDue = 0): EventOf<'traffic-end'> => ({
  kind: 'traffic-end',
  session: 4,
  atMs,
  due: { fresh: due },
  sentinelsDue,
});
const failure = (seq: number): EventOf<'failure'> => ({
  kind: 'failure',
  session: 4,
  stream: 'fresh',
  seq,
  outcome: 'reset',
  story: { dueMs: 1, endMs: 2, connection: 3, identity: 0 },
});

describe('a merge', () => {
  const merged = (agents: number, feed: (take: (agent: number, event: Event) => void) => void): Event[] => {
    const events: Event[] = [];
    const merge = openMerge(
      planOf([stream({})]),
      agents,
      () => 1000,
      (event) => events.push(event),
    );
    feed(merge.take);
    merge.finish();
    return events;
  };

  it('gives arrivals, connections and identities the numbers of the whole, and sums what was due', () => {
    const events = merged(2, (take) => {
      take(0, { kind: 'identity', session: 4, index: 0, value: 'blue' });
      take(1, { kind: 'identity', session: 4, index: 0, value: 'green' });
      take(1, { kind: 'identity', session: 4, index: 1, value: 'blue' });
      take(0, batch([0, 1], [0, -1], [0, -1]));
      take(1, batch([1], [7], [1]));
      take(1, failure(0));
      take(0, end(1040, 2, 1));
      take(1, end(1040, 2, 2));
    });
    expect(events.filter(({ kind }) => kind === 'identity')).toMatchObject([
      { index: 0, value: 'blue' },
      { index: 1, value: 'green' },
    ]);
    expect(events.filter(({ kind }) => kind === 'answered')).toMatchObject([
      { seq: [0, 2], connection: [0, -1], identity: [0, -1] },
      { seq: [3], connection: [15], identity: [0] },
    ]);
    expect(events.filter(({ kind }) => kind === 'failure')).toMatchObject([
      { seq: 1, outcome: 'reset', story: { connection: 7, identity: 1 } },
    ]);
    expect(events.at(-1)).toEqual({ ...end(1040, 4, 3) });
  });

  it('enters the arrivals of an agent that is gone as unsent, up to the end of the others', () => {
    const events = merged(3, (take) => {
      take(0, batch([0, 1], [0, 0], [-1, -1]));
      take(1, batch([0], [0], [-1]));
      take(2, batch([0, 1], [0, 0], [-1, -1]));
      take(0, end(1060, 2));
      take(2, end(1060, 2));
    });
    expect(events.filter(({ kind }) => kind === 'failure')).toMatchObject([
      { seq: 4, outcome: 'unsent', story: { connection: -1, note: expect.stringContaining('ended early') } },
    ]);
    expect(events.at(-1)).toMatchObject({ due: { fresh: 6 } });
  });

  it('closes the gap when the end reached one agent later than another', () => {
    const events = merged(2, (take) => {
      take(0, batch([0], [0], [-1]));
      take(1, batch([0, 1, 2], [0, 0, 0], [-1, -1, -1]));
      take(0, end(1013, 1));
      take(1, end(1060, 3));
    });
    const unsent = events.flatMap((event) => (event.kind === 'failure' ? [event.seq] : []));
    expect(unsent).toEqual([2, 4]);
    expect(events.at(-1)).toMatchObject({ atMs: 1060, due: { fresh: 6 } });
  });

  it('has no end when no agent came to it', () => {
    expect(merged(2, (take) => take(0, batch([0], [0], [-1])))).toHaveLength(1);
  });
});
