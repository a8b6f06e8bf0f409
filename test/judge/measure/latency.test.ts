import { describe, expect, it } from 'vitest';
import { latencyOf } from '../../../src/judge/measure/latency.ts';
import { quantileOf } from '../../../src/model/quantile.ts';
import { judged } from '../log.ts';

describe('quantiles', () => {
  it('are values that were measured, by nearest rank', () => {
    const values = Int32Array.from({ length: 1000 }, (_, n) => n + 1);
    expect([0, 0.0001, 0.5, 0.9, 0.99, 0.999, 1].map((q) => quantileOf(values, q))).toEqual([
      1, 1, 500, 900, 990, 999, 1000,
    ]);
    expect([0.5, 0.51, 0.99].map((q) => quantileOf([10, 20], q))).toEqual([10, 20, 20]);
    expect(quantileOf([], 0.5)).toBe(0);
  });
});

describe('latencies', () => {
  it('are told in ms, over all parts together', () => {
    expect(latencyOf([Int32Array.of(3000, 1000), Int32Array.of(2500)])).toEqual({
      count: 3,
      p50Ms: 2.5,
      p90Ms: 3,
      p99Ms: 3,
      p999Ms: 3,
      maxMs: 3,
    });
    expect(latencyOf([])).toEqual({ count: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 });
  });

  it('keep restarts and quiet time apart, and what was not answered out', () => {
    const fate = (dueMs: number) => (dueMs === 1500 ? 'closed' : dueMs >= 1000 && dueMs <= 2000 ? 8 : 2);
    const latency = judged({ restarts: 1, fate }).result.arms[0]?.latency;
    expect(latency?.quiet).toMatchObject({ count: 199, maxMs: 2 });
    expect(latency?.restart).toMatchObject({ count: 100, p50Ms: 8, maxMs: 8 });
  });
});
