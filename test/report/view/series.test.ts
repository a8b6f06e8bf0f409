import { describe, expect, it } from 'vitest';
import { bucketWidthMs, seriesOf } from '../../../src/report/view/series.ts';
import { recordedJudgement } from '../recorded.ts';

const { sessions } = recordedJudgement().recording;
const total = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

describe('seriesOf', () => {
  it('counts every answer once, and keeps the worst of each bucket', () => {
    const [series] = seriesOf(sessions, [{ fromMs: 0, toMs: 14_000 }], 100);
    expect(total(series?.answeredPerSecond ?? []) / 10).toBe(2360);
    expect(Math.max(...(series?.worstMs ?? []).map((worst) => worst ?? 0))).toBeCloseTo(1.06);
    expect(series?.offeredPerSecond[60]).toBe(200);
  });

  it('knows the gap from a time without traffic', () => {
    const [series] = seriesOf(sessions, [{ fromMs: 0, toMs: 14_000 }], 100);
    expect(series?.answeredPerSecond.slice(51, 52)).toEqual([0]);
    expect(series?.medianMs[51]).toBeNull();
    expect(series?.offeredPerSecond[2]).toBeNull();
    expect(series?.answeredPerSecond[2]).toBeNull();
  });

  it('makes one series for each range', () => {
    const series = seriesOf(
      sessions,
      [
        { fromMs: 1900, toMs: 2300 },
        { fromMs: 4900, toMs: 5300 },
      ],
      50,
    );
    expect(series.map(({ fromMs }) => fromMs)).toEqual([1900, 4900]);
    expect(series.map(({ answeredPerSecond }) => total(answeredPerSecond) / 20)).toEqual([80, 40]);
  });
});

describe('bucketWidthMs', () => {
  it('holds at least fifteen requests', () => {
    expect(bucketWidthMs(1000, 200, 1500)).toBe(100);
    expect(bucketWidthMs(1000, 10_000, 1500)).toBe(2);
  });

  it('keeps below the most buckets', () => {
    expect(bucketWidthMs(600_000, 1000, 1500)).toBe(500);
  });
});
