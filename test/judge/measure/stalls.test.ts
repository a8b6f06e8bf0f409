import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/model/event.ts';
import type { StreamLatencies } from '../../../src/judge/measure/latency.ts';
import { spikeLimitsOf } from '../../../src/judge/measure/stalls.ts';
import { judged, scenarioOf } from '../log.ts';

const quiet = (...ms: number[]): StreamLatencies => ({
  quietUs: Int32Array.from(ms.map((each) => each * 1000)),
  restartUs: new Int32Array(),
});
const repeated = (ms: number, times: number): number[] => Array.from({ length: times }, () => ms);
const over = (limit: string, max = 0) => scenarioOf(2, { thresholds: { spikes: { over: limit, max } } });

describe('the spike limit', () => {
  it('is the one of the scenario, for every stream', () => {
    const limits = spikeLimitsOf(
      new Map([
        ['a', quiet(1)],
        ['b', quiet()],
      ]),
      250,
    );
    expect([...limits.byStreamMs]).toEqual([
      ['a', 250],
      ['b', 250],
    ]);
    expect(limits.learnt).toBe(false);
  });

  it('is learnt for each stream from its own quiet time', () => {
    const limits = spikeLimitsOf(
      new Map([
        ['steady', quiet(...repeated(1, 1000))],
        ['slow', quiet(...repeated(300, 1000))],
        ['tailed', quiet(...repeated(1, 985), ...repeated(5, 15))],
        ['jumpy', quiet(...repeated(1, 995), ...repeated(40, 5))],
        ['silent', quiet()],
      ]),
      undefined,
    );
    expect([...limits.byStreamMs]).toEqual([
      ['steady', 11],
      ['slow', 310],
      ['tailed', 21],
      ['jumpy', 79],
    ]);
    expect(limits.noiseFloorMs).toBe(300);
  });
});

describe('stalls', () => {
  it('are runs of spikes, dated, with the worst and the time lost', () => {
    // Nobody answers from 1100 to 1400: what comes then waits for the end of it.
    const fate = (dueMs: number): number => (dueMs >= 1100 && dueMs < 1400 ? 1400 - dueMs : 1);
    const [arm] = judged({ fate, scenario: over('50ms') }).result.arms;
    expect(arm?.stalls).toEqual([{ atMs: 1100, lastedMs: 300, answers: 25, worstMs: 300, restart: 0 }]);
    expect(arm?.spikes).toEqual({ limitMs: 50, learnt: false, count: 25, stalls: 1, worstMs: 300, totalLostMs: 300 });
    expect(arm?.restarts[0]).toMatchObject({ spikes: 25, worstMs: 300 });
    expect(arm?.restarts[1]).toMatchObject({ spikes: 0, worstMs: 0 });
  });

  it('end when 50 ms pass without a spike', () => {
    const slow = new Set([1100, 1190, 1350]);
    const stalls = judged({ fate: (dueMs) => (slow.has(dueMs) ? 60 : 1) }).result.arms[0]?.stalls;
    expect(stalls?.map(({ atMs, lastedMs }) => [atMs, lastedMs])).toEqual([
      [1100, 150],
      [1350, 60],
    ]);
  });

  it('belong to the restart that they touch, or to quiet time', () => {
    const slow = new Set([500, 980]);
    const stalls = judged({ fate: (dueMs) => (slow.has(dueMs) ? 60 : 1), scenario: over('50ms', 99) }).result.arms[0]
      ?.stalls;
    expect(stalls?.map(({ restart }) => restart)).toEqual([null, 0]);
  });

  it('do not charge the target with the lateness of the harness', () => {
    const late: Event = {
      kind: 'answered',
      session: 0,
      stream: 'fresh',
      seq: [115],
      lateUs: [90_000],
      waitUs: [0],
      firstByteUs: [91_000],
      latencyUs: [91_000],
      connection: [1],
    };
    const { result } = judged({ fate: (_, seq) => (seq === 115 ? null : 1), more: [late], scenario: over('50ms') });
    expect(result.arms[0]?.stalls).toEqual([]);
    expect(result.arms[0]?.latency.restart.maxMs).toBe(1);
  });
});
