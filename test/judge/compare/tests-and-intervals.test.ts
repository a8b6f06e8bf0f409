/** The statistics of comparison, held to the figures of other programs: see reference.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  fisherPValue,
  holmAdjusted,
  leastPValue,
  rankTest,
  restartsToTell,
} from '../../../src/judge/compare/exact-tests.ts';
import { boschlooPValue, leastBoschlooPValue } from '../../../src/judge/compare/boschloo.ts';
import { medianOf, shareDifferenceOf, shareOf, shiftOf } from '../../../src/judge/compare/intervals.ts';

interface Samples {
  reference: number[];
  other: number[];
  p: number;
}
interface Bounds {
  low: number | null;
  high: number | null;
}
const table = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8')) as {
  fisher: { table: [number, number, number, number]; p: number }[];
  boschloo: { table: [number, number, number, number]; p: number }[];
  untied: Samples[];
  approximate: Samples;
  enumerated: (Samples & { least: number })[];
  shifts: (Samples & Bounds & { estimate: number })[];
  medians: (Bounds & { values: number[]; estimate: number })[];
  shares: (Bounds & { count: number; of: number })[];
  shareDifferences: { reference: [number, number]; other: [number, number]; low: number; high: number }[];
  holm: { p: number[]; adjusted: number[] };
};

/** Equal to eight digits, null to null. */
function expectBounds(found: Bounds, { low, high }: Bounds): void {
  if (low === null || high === null) expect([found.low, found.high]).toEqual([low, high]);
  else {
    expect(found.low).toBeCloseTo(low, 8);
    expect(found.high).toBeCloseTo(high, 8);
  }
}

describe('the tests', () => {
  it.each(table.fisher)('Fisher: $table', ({ table: cells, p }) => {
    expect(fisherPValue(...cells)).toBeCloseTo(p, 8);
  });

  it.each(table.boschloo)('Boschloo: $table', ({ table: [a, n, b, m], p }) => {
    // The reference looks for the maximum on a grid of its own: it may fall short of it, and never exceeds it.
    expect(boschlooPValue(a, n, b, m)).toBeGreaterThanOrEqual(p - 1e-9);
    expect(boschlooPValue(a, n, b, m)).toBeCloseTo(p, 5);
    expect(boschlooPValue(b, m, a, n)).toBeCloseTo(p, 5);
  });

  it('Boschloo needs fewer restarts than Fisher, and says 1 where both sides are alike', () => {
    expect(leastBoschlooPValue(3, 3)).toBeCloseTo(2 * 0.5 ** 6, 8);
    expect(fisherPValue(0, 3, 3, 3)).toBeCloseTo(0.1, 8);
    expect(boschlooPValue(2, 10, 2, 10)).toBe(1);
    expect(boschlooPValue(0, 10, 0, 10)).toBe(1);
  });

  it.each(table.untied)(
    'Mann-Whitney of $reference.length and $other.length untied values',
    ({ reference, other, p }) => {
      expect(rankTest(reference, other).pValue).toBeCloseTo(p, 8);
      expect(rankTest(other, reference).pValue).toBeCloseTo(p, 8);
    },
  );

  it.each(table.enumerated)(
    'Mann-Whitney of tied values, with a margin of $least',
    ({ reference, other, least, p }) => {
      expect(rankTest(reference, other, least).pValue).toBeCloseTo(p, 10);
    },
  );

  it('Mann-Whitney of many values is approximated', () => {
    const { reference, other, p } = table.approximate;
    expect(rankTest(reference, other).pValue).toBeCloseTo(p, 8);
  });

  it('say in how many pairs which side is greater', () => {
    const { greaterShare, lessShare } = rankTest([1, 2, 10], [1, 2.5, 20, 30], 1);
    expect([greaterShare * 12, lessShare * 12]).toEqual([7, 3]);
  });

  it('find nothing where all is alike', () => {
    expect(rankTest([0, 0, 0], [0, 0, 0])).toEqual({ pValue: 1, greaterShare: 0, lessShare: 0, spread: 0 });
    expect(rankTest([1, 2, 3], [3, 4, 5], 10).pValue).toBe(1);
  });

  it('can say no less than the most different sides give', () => {
    expect(leastPValue(5, 5)).toBeCloseTo(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).pValue, 10);
    expect(leastPValue(3, 3)).toBeGreaterThan(0.05);
    expect(leastPValue(0, 20)).toBe(1);
  });

  it('are corrected for their number as Holm did', () => {
    holmAdjusted(table.holm.p).forEach((p, position) =>
      expect(p).toBeCloseTo(table.holm.adjusted[position] as number, 10),
    );
  });
});

describe('the intervals', () => {
  it.each(table.medians)('of the median of $values.length values', ({ values, estimate, ...bounds }) => {
    const found = medianOf(values);
    expect(found.estimate).toBeCloseTo(estimate, 8);
    expectBounds(found, bounds);
  });

  it.each(table.shifts)(
    'of the shift between $reference.length and $other.length values',
    ({ reference, other, estimate, low, high }) => {
      const found = shiftOf(reference, other);
      expect(found.estimate).toBeCloseTo(estimate, 8);
      expectBounds(found, { low, high });
    },
  );

  it('of a shift are there for many values, and not for few', () => {
    expect(shiftOf([1, 2, 3], [4, 5, 6])).toEqual({ estimate: 3, low: null, high: null });
    const many = Array.from({ length: 1000 }, (_, n) => n);
    const { estimate, low, high } = shiftOf(
      many,
      many.map((value) => value + 100),
    );
    expect(estimate).toBeCloseTo(100, 6);
    expect(low).toBeGreaterThan(50);
    expect(high).toBeLessThan(150);
  });

  it.each(table.shares)('of a share of $count of $of', ({ count, of, ...bounds }) =>
    expectBounds(shareOf(count, of), bounds),
  );

  it.each(table.shareDifferences)(
    'of the difference of shares $reference and $other',
    ({ reference, other, ...bounds }) => {
      const [from, to] = [reference, other].map(([count, of]) => ({ count, of })) as [
        { count: number; of: number },
        { count: number; of: number },
      ];
      expectBounds(shareDifferenceOf(from, to), bounds);
    },
  );
});

describe('the restarts that would tell', () => {
  it('are those of Noether', () => {
    // N = (1.96 + 0.8416)² / (12 x 1/4 x (p - 1/2)²) of both sides together, with p = 0.7: 65.4.
    expect(restartsToTell(0.4, 1 / 3, 0.05)).toBe(33);
    expect(restartsToTell(0, 1 / 3, 0.05)).toBe(Infinity);
  });
});
