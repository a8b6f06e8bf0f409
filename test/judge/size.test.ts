import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { judgementOf } from '../../src/judge/judge.ts';
import { startRecording } from '../../src/judge/fold/recording.ts';
import { idOf, headEvent, scenarioOf } from './log.ts';

const STREAMS = ['fresh', 'keepalive'];
const PER_STREAM = 300_000;
const RESTARTS = 100;
const BATCH = 500;

/** Ten minutes at 1,000 requests a second, with a restart every 6 seconds that refuses 20 requests of each stream. */
function* longLog(): Generator<Event> {
  yield headEvent(scenarioOf(RESTARTS));
  yield { kind: 'session', session: 0, arm: 'default', atMs: 0 };
  const streams = STREAMS.map((name, n) => ({
    name,
    ratePerSecond: 500,
    firstDueMs: n,
    connection: n === 0 ? ('new' as const) : ('reused' as const),
  }));
  yield { kind: 'traffic', session: 0, atMs: 0, streams, handshakeMs: 0.1 };
  for (let from = 0; from < PER_STREAM; from += BATCH) {
    for (const { name, firstDueMs } of streams) {
      const all = Array.from({ length: BATCH }, (_, n) => from + n);
      const isRefused = (seq: number): boolean => seq % 3000 >= 1000 && seq % 3000 < 1020;
      const seq = all.filter((n) => !isRefused(n));
      const column = (value: (n: number) => number): number[] => seq.map(value);
      yield {
        kind: 'answered',
        session: 0,
        stream: name,
        seq,
        lateUs: column((n) => n % 900),
        waitUs: column(() => 120),
        firstByteUs: column((n) => 1000 + (n % 2000)),
        latencyUs: column((n) => 1200 + (n % 2000)),
        connection: column((n) => n),
      };
      for (const n of all.filter(isRefused)) {
        const dueMs = firstDueMs + n * 2;
        yield {
          kind: 'failure',
          session: 0,
          stream: name,
          seq: n,
          outcome: 'refused',
          story: { dueMs, sentMs: dueMs, endMs: dueMs + 1, connection: -1, errno: 'ECONNREFUSED' },
        };
      }
    }
  }
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    const at = restart * 6000 + 2000;
    for (const [moment, atMs] of [
      ['signalled', at],
      ['gone', at + 5],
      ['ready', at + 40],
      ['completed', at + 50],
      ['settled', at + 1050],
    ] as const) {
      yield { kind: 'restart', session: 0, restart, moment, atMs };
    }
    yield { kind: 'serving', session: 0, restart, when: 'before', instances: [idOf(restart)], identities: [] };
    yield {
      kind: 'serving',
      session: 0,
      restart,
      when: 'after',
      instances: [idOf(restart + 1)],
      identities: [],
    };
  }
  yield {
    kind: 'traffic-end',
    session: 0,
    atMs: 600_000,
    due: { fresh: PER_STREAM, keepalive: PER_STREAM },
    sentinelsDue: 0,
  };
  yield { kind: 'end', atMs: 600_100 };
}

describe('a run of ten minutes at 1,000 requests a second', () => {
  it('is held in well below 60 MB and judged in seconds', () => {
    const recording = startRecording();
    for (const event of longLog()) recording.add(event);
    const finished = recording.finish();
    const bytes = finished.sessions
      .flatMap(({ streams }) => streams)
      .flatMap(({ arrivals: { length: _, ...columns } }) => Object.values(columns))
      .reduce((sum, column) => sum + column.buffer.byteLength, 0);
    const beganMs = performance.now();
    const { result, failures } = judgementOf(finished);
    const tookMs = performance.now() - beganMs;

    expect(result.arms[0]?.requests).toMatchObject({ due: 600_000, refused: 4000 });
    expect(failures).toHaveLength(4000);
    expect(
      result.arms[0]?.restarts.every(({ requests, gapMs }) => requests.refused === 40 && Math.abs(gapMs - 40) <= 2),
    ).toBe(true);
    expect(bytes).toBeLessThan(40e6);
    // Far above what it takes, so that a busy machine does not fail it; a quadratic loop would.
    expect(tookMs).toBeLessThan(20_000);
  });
});
