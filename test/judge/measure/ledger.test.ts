import { describe, expect, it } from 'vitest';
import { ledgerOf } from '../../../src/judge/measure/ledger.ts';
import type { Event } from '../../../src/model/event.ts';
import { OUTCOMES, isLost, type Outcome } from '../../../src/model/outcome.ts';
import { headEvent, judged, logOf, recordingOf, scenarioOf, sessionEvents, story } from '../log.ts';

const again: Event = { kind: 'failure', session: 0, stream: 'fresh', seq: 7, outcome: 'reset', story: story(70) };
const sentinel = (index: number, outcome: Outcome = 'answered'): Event => ({
  kind: 'sentinel',
  session: 0,
  restart: 0,
  sentinel: 'idle',
  index,
  outcome,
  story: story(1000),
});

describe('the ledger', () => {
  it('counts every arrival once, by arm and stream', () => {
    const every = (_: number, seq: number): Outcome => OUTCOMES[seq % OUTCOMES.length] as Outcome;
    const streams = [
      { name: 'fresh', fate: every },
      { name: 'keepalive', connection: 'reused' as const, ratePerSecond: 50 },
    ];
    const ledger = ledgerOf(recordingOf(logOf({ restarts: 1, streams })));
    const arm = ledger.get('default');
    expect(arm?.requests.due).toBe(450);
    for (const outcome of OUTCOMES) expect(arm?.streams['fresh']?.[outcome]).toBe(30);
    expect(arm?.requests.lost).toBe(OUTCOMES.filter(isLost).length * 30);
    expect(arm?.streams['keepalive']?.answered).toBe(150);
    expect(arm?.complete).toBe(true);
  });

  it('adds the sessions of an arm up', () => {
    const sessions = [0, 1].flatMap((session) => sessionEvents({ session, restarts: 1 }));
    expect(ledgerOf(recordingOf([headEvent(scenarioOf(2)), ...sessions])).get('default')?.requests.due).toBe(600);
  });

  it('counts repeats apart', () => {
    const more: Event[] = [
      {
        kind: 'answered',
        session: 0,
        stream: 'fresh',
        seq: [7],
        lateUs: [0],
        waitUs: [0],
        firstByteUs: [1],
        latencyUs: [1],
        connection: [1],
        retries: [1],
      },
    ];
    expect(
      ledgerOf(recordingOf(logOf({ fate: (_, seq) => (seq === 7 ? null : 1), more }))).get('default')?.requests.retried,
    ).toBe(1);
  });

  it.each([
    ['two outcomes', { more: [again] }, 'stream fresh: arrival 7 has 2 outcomes'],
    ['none', { fate: (_: number, seq: number) => (seq === 7 ? null : 1) }, 'stream fresh: arrival 7 has no outcome'],
    [
      'none at the end',
      { restarts: 1, fate: (_: number, seq: number) => (seq === 299 ? null : 1) },
      'stream fresh: arrival 299 has no outcome',
    ],
    [
      'one without having been due',
      { restarts: 1, more: [{ ...again, seq: 300 }] },
      'stream fresh: arrival 300 was never due',
    ],
  ])('throws when an arrival has %s', (_, options, message) => {
    expect(() => ledgerOf(recordingOf(logOf(options)))).toThrow(message);
  });

  it('throws when the agent counted other arrivals than the pacing rule does', () => {
    const events = logOf({ restarts: 1 }).map((event): Event =>
      event.kind === 'traffic-end' ? { ...event, atMs: 9000 } : event,
    );
    expect(() => ledgerOf(recordingOf(events))).toThrow(
      'the agent counted 300 arrivals as due, the pacing rule counts 900',
    );
  });

  it('throws when a sentinel has two outcomes or none', () => {
    expect(() => ledgerOf(recordingOf(logOf({ more: [sentinel(0), sentinel(0)], sentinelsDue: 1 })))).toThrow(
      'sentinel idle 0 of restart 0 has more than one outcome',
    );
    expect(() => ledgerOf(recordingOf(logOf({ more: [sentinel(0)], sentinelsDue: 2 })))).toThrow(
      '2 sentinels were due, 1 have an outcome (idle 1)',
    );
    expect(
      ledgerOf(recordingOf(logOf({ more: [sentinel(0), sentinel(1, 'closed')], sentinelsDue: 2 }))).get('default')
        ?.sentinels.idle,
    ).toMatchObject({ due: 2, answered: 1, closed: 1, lost: 1 });
  });

  it('judges a log that breaks off on what it has, and says so', () => {
    const broken = { fate: (dueMs: number, seq: number) => (seq === 7 || dueMs > 3500 ? null : 1), trafficEnd: false };
    const ledger = ledgerOf(recordingOf(logOf(broken))).get('default');
    expect(ledger?.complete).toBe(false);
    expect(ledger?.requests.due).toBe(350);
    expect(judged({ ...broken, end: false }).result.findings.map(({ code }) => code)).toContain('interrupted');
  });
});

describe('conservation', () => {
  it('deals every arrival and sentinel out to one restart or to quiet time, whatever happened', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const fate = (): Outcome | number =>
      random() < 0.5 ? random() * 900 : (OUTCOMES[Math.floor(random() * OUTCOMES.length)] as Outcome);
    const more = Array.from({ length: 20 }, (_, index) =>
      sentinel(index, OUTCOMES[index % OUTCOMES.length] as Outcome),
    );
    const streams = [{}, { name: 'keepalive', ratePerSecond: 333, connection: 'reused' as const, firstDueMs: 0.7 }];
    const { result, failures } = judged({ restarts: 5, streams, fate, more, sentinelsDue: 20 });
    const [arm] = result.arms;
    const restarts = arm?.restarts ?? [];
    for (const key of [...OUTCOMES, 'due', 'lost'] as const) {
      const inRestarts = restarts.reduce((sum, { requests }) => sum + requests[key], 0);
      expect((arm?.quietRequests[key] ?? 0) + inRestarts).toBe(
        (arm?.requests[key] ?? 0) + (arm?.sentinels.idle?.[key] ?? 0),
      );
    }
    expect(arm?.requests.due).toBe(1100 + 3663);
    expect(failures.length).toBe((arm?.requests.due ?? 0) - (arm?.requests.answered ?? 0) + 18);
  });
});
