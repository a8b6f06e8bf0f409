import { describe, expect, it } from 'vitest';
import { dirtyShareUpperBound, isNoise, restartsNeeded } from '../../../src/judge/measure/statistics.ts';

/**
 * Dirty, restarts, bound: python -c "from scipy.stats import beta; print(beta.ppf(.95, x + 1, n - x))" with scipy
 * 1.17.1.
 */
const TABLE: [number, number, number][] = [
  [0, 1, 0.95],
  [0, 5, 0.450719728346941],
  [0, 20, 0.13910834066826516],
  [0, 29, 0.0981446276772957],
  [0, 59, 0.04950760988822693],
  [0, 299, 0.009969146792899269],
  [1, 5, 0.6574083180011386],
  [1, 20, 0.2161061642068473],
  [2, 20, 0.28261852488586087],
  [3, 20, 0.3436638043142818],
  [5, 20, 0.4555824040017489],
  [10, 20, 0.6980460887135065],
  [19, 20, 0.9974386212234697],
  [1, 100, 0.046559811453538935],
  [7, 100, 0.12745801558297026],
  [50, 100, 0.5863782853690882],
  [99, 100, 0.9994871985837377],
  [1, 299, 0.015766783127611372],
  [3, 1000, 0.007735244718479458],
];

describe('the bound of the share of dirty restarts', () => {
  it.each(TABLE)('%d of %d: %d', (dirty, restarts, bound) => {
    expect(dirtyShareUpperBound(dirty, restarts)).toBeCloseTo(bound, 8);
  });

  it('is 1 when all were dirty, or there were none', () => {
    expect([dirtyShareUpperBound(0, 0), dirtyShareUpperBound(1, 1), dirtyShareUpperBound(20, 20)]).toEqual([1, 1, 1]);
  });
});

describe('the restarts that a bound needs', () => {
  it('are those of the design', () => {
    expect([0.1, 0.05, 0.01].map((share) => restartsNeeded(0.95, share))).toEqual([29, 59, 299]);
  });

  it('are the fewest that reach the bound', () => {
    for (const [confidence, share] of [
      [0.95, 0.2],
      [0.99, 0.05],
      [0.8, 0.033],
      [0.5, 0.5],
      [0.75, 0.5],
    ] as const) {
      const needed = restartsNeeded(confidence, share);
      expect(dirtyShareUpperBound(0, needed, confidence)).toBeLessThanOrEqual(share + 1e-12);
      if (needed > 1) expect(dirtyShareUpperBound(0, needed - 1, confidence)).toBeGreaterThan(share);
    }
  });

  it('have no end where nothing could prove it', () => {
    expect([restartsNeeded(0.95, 0), restartsNeeded(1, 0.1), restartsNeeded(0.95, 1)]).toEqual([Infinity, Infinity, 1]);
  });
});

describe('noise', () => {
  it('is what lies within three standard deviations of what is expected', () => {
    expect([isNoise(0, 0), isNoise(1, 0), isNoise(4, 1), isNoise(5, 1), isNoise(130, 100), isNoise(131, 100)]).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });
});
