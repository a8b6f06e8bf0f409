import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/model/event.ts';
import { trendOf, type Reading } from '../../../src/judge/measure/trend.ts';
import { codesOf, idOf, judged } from '../log.ts';

const readings = (values: number[]): Reading[] => values.map((value, restart) => ({ restart, value }));

describe('a trend', () => {
  it('is the median of the slopes of all pairs', () => {
    expect(trendOf([readings([1, 3, 5, 7])])).toEqual({ slope: 2, risingShare: 1 });
    // Slopes of the pairs: 1, 2, 10/3, 3, 4.5, 6: the middle is between 3 and 10/3.
    expect(trendOf([readings([0, 1, 4, 10])])?.slope).toBeCloseTo((3 + 10 / 3) / 2);
    expect(trendOf([readings([5, 5, 5])])).toEqual({ slope: 0, risingShare: 0 });
  });

  it('is not bent by an odd value', () => {
    expect(trendOf([readings([10, 11, 12, 500, 14, 15, 16, 17])])?.slope).toBe(1);
  });

  it('compares values of one session only, and needs three pairs of them', () => {
    expect(trendOf([readings([1, 2, 3]), readings([100, 101, 102])])?.slope).toBe(1);
    expect(trendOf([readings([1, 2]), readings([11, 12]), readings([5, 6])])).toEqual({ slope: 1, risingShare: 1 });
    expect(trendOf([readings([1, 2]), readings([1, 2])])).toBeNull();
  });

  it('is quick over many restarts', () => {
    expect(trendOf([readings(Array.from({ length: 10_000 }, (_, n) => 3 * n))])?.slope).toBe(3);
  });
});

function samples(count: number, of: (restart: number) => Partial<EventOf<'sample'>>): Event[] {
  return Array.from({ length: count }, (_, restart) => ({
    kind: 'sample',
    session: 0,
    restart,
    atMs: restart * 2000 + 2000,
    processes: 1,
    fds: 20,
    rssBytes: 50e6,
    threads: 11,
    leftovers: [],
    zombies: [],
    ...of(restart),
  }));
}

describe('hygiene', () => {
  it('is not known without samples', () => {
    expect(judged().result.arms[0]?.hygiene).toMatchObject({
      leftoverProcesses: 0,
      fdGrowthPerRestart: null,
      rssGrowthBytesPerRestart: null,
      threadGrowthPerRestart: null,
    });
  });

  it('tells clear growth of descriptors and memory, as notes', () => {
    const judgement = judged({
      restarts: 6,
      more: samples(6, (n) => ({ fds: 20 + 2 * n, rssBytes: 50e6 + n * 2 ** 20, threads: 11 + n })),
    });
    expect(judgement.result.verdict).toBe('pass');
    expect(codesOf(judgement)).toEqual(['descriptors-grow', 'memory-grows']);
    expect(judgement.result.findings[0]?.message).toBe('With every restart the target holds 2 more open descriptors.');
    expect(judgement.result.arms[0]?.hygiene).toMatchObject({
      fdGrowthPerRestart: 2,
      rssGrowthBytesPerRestart: 2 ** 20,
      threadGrowthPerRestart: 1,
    });
  });

  it('tells neither noise, nor little growth, nor growth over few restarts', () => {
    expect(
      codesOf(
        judged({ restarts: 8, more: samples(8, (n) => ({ fds: [20, 29, 22, 31, 24, 33, 26, 35][n] as number })) }),
      ),
    ).toEqual([]);
    expect(codesOf(judged({ restarts: 8, more: samples(8, (n) => ({ rssBytes: 50e6 + n * 1e5 })) }))).toEqual([]);
    expect(codesOf(judged({ restarts: 5, more: samples(5, (n) => ({ fds: 20 + n })) }))).toEqual([]);
  });

  it('counts processes that stay, not one that was seen once', () => {
    const fact: Event = {
      kind: 'fact',
      session: 0,
      atMs: 13_000,
      code: 'leftover-process',
      message: 'the target left 77 (sleep 60) behind',
      hint: 'Write exec.',
      instances: [idOf(7), idOf(8)],
    };
    const judgement = judged({
      restarts: 3,
      more: [...samples(3, (n) => ({ leftovers: [idOf(n === 0 ? 6 : 7)] })), fact],
    });
    expect(judgement.result.arms[0]?.hygiene.leftoverProcesses).toBe(2);
    expect(codesOf(judgement)).toEqual(['leftover-process']);
    expect(judgement.result.findings[0]?.message).toBe(
      '2 processes of the target were left over (pid 107, pid 108). The target left 77 (sleep 60) behind.',
    );
    expect(judgement.result.findings[0]?.hint).toBe('Write exec.');
  });

  it('counts children that nobody waited for, not one that was just about to be', () => {
    const judgement = judged({
      restarts: 3,
      more: samples(3, (n) => ({ zombies: n === 0 ? [idOf(0)] : [idOf(1), idOf(n)] })),
    });
    expect(judgement.result.verdict).toBe('pass');
    expect(judgement.result.arms[0]?.hygiene.zombies).toBe(1);
    expect(codesOf(judgement)).toEqual(['zombies']);
    expect(judgement.result.findings[0]?.message).toBe(
      '1 child process of the target ended and was never waited for (pid 101).',
    );
  });

  it('counts exits with another code than 0', () => {
    const fact: Event = {
      kind: 'fact',
      session: 0,
      restart: 0,
      atMs: 1500,
      code: 'non-zero-exit',
      message: 'A process ended with code 3',
    };
    expect(judged({ more: [fact] }).result.arms[0]?.hygiene).toMatchObject({ nonZeroExits: 1, forcedKills: 0 });
  });
});

describe('a restart that begins while the old instance of the one before is still there', () => {
  const lane = (instance: number, drainingMs: number, goneMs: number | undefined): Event[] => [
    { kind: 'instance', session: 0, atMs: 0, instance, state: 'started', id: idOf(instance) },
    { kind: 'instance', session: 0, atMs: drainingMs, instance, state: 'draining' },
    ...(goneMs === undefined
      ? []
      : [{ kind: 'instance' as const, session: 0, atMs: goneMs, instance, state: 'gone' as const }]),
  ];
  const moments = (n: number): Record<'began' | 'signalled' | 'completed' | 'settled', number> => ({
    began: 2000 * n + 1000,
    signalled: 2000 * n + 1000,
    completed: 2000 * n + 1300,
    settled: 2000 * n + 2000,
  });

  it('is told', () => {
    const judgement = judged({
      restarts: 3,
      moments,
      more: [...lane(0, 1100, 1200), ...lane(1, 3100, 5300), ...lane(2, 5100, 5400)],
    });
    expect(codesOf(judgement)).toEqual(['still-draining']);
    expect(judgement.result.findings[0]).toMatchObject({ severity: 'note', restart: 2 });
    expect(judgement.result.findings[0]?.message).toContain('when restart 3 began');
    expect(judgement.result.arms[0]?.hygiene.stillDraining).toBe(1);
  });

  it('is told once, though its end was never seen', () => {
    expect(judged({ restarts: 3, moments, more: lane(0, 1100, undefined) }).result.arms[0]?.hygiene.stillDraining).toBe(
      1,
    );
  });
});
