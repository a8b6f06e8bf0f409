import { describe, expect, it } from 'vitest';
import { dueCountBy, dueMsOf, seqOf, type Pace } from '../../src/model/pacing.ts';

const RATES = [0.1, 1, 3, 7, 10, 33.3, 60, 333, 500, 999, 1000, 1009, 5000, 9999.9, 100_000];
const FIRSTS = [0, 0.1, 1 / 3, 17.25, 12_345.678];

/** Numbers that look random and are the same in each run (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pace = (firstDueMs: number, ratePerSecond: number): Pace => ({ firstDueMs, ratePerSecond });

describe('pacing', () => {
  it('is exact after a hundred million arrivals', () => {
    expect(dueMsOf(pace(0, 1000), 100_000_000)).toBe(100_000_000);
    expect(dueMsOf(pace(0.5, 3), 90_000_000)).toBe(30_000_000_000.5);
    expect(dueCountBy(pace(0, 1000), 100_000_000)).toBe(100_000_000);
  });

  it('counts what is due strictly before a moment', () => {
    expect(dueCountBy(pace(0, 500), 0)).toBe(0);
    expect(dueCountBy(pace(0, 500), 0.001)).toBe(1);
    expect(dueCountBy(pace(0, 500), 2)).toBe(1);
    expect(dueCountBy(pace(0, 500), 2.001)).toBe(2);
    expect(dueCountBy(pace(5000, 500), 1000)).toBe(0);
    expect(dueCountBy(pace(0, 500), -5)).toBe(0);
  });

  it('agrees with itself to the last bit, at any rate and far out', () => {
    const draw = draws(42);
    for (const rate of RATES) {
      for (const first of FIRSTS) {
        for (let round = 0; round < 200; round += 1) {
          const seq = Math.floor(draw() * 10 ** Math.floor(1 + draw() * 7));
          const dueMs = dueMsOf(pace(first, rate), seq);
          expect(dueCountBy(pace(first, rate), dueMs)).toBe(seq);
          expect(dueCountBy(pace(first, rate), dueMsOf(pace(first, rate), seq + 1))).toBe(seq + 1);
          expect(seqOf(pace(first, rate), dueMs)).toBe(seq);
        }
      }
    }
  });

  it('adds up: what is due before the end of two spans is due before the end of both', () => {
    const draw = draws(7);
    for (let round = 0; round < 1000; round += 1) {
      const rate = 1 + draw() * 5000;
      const from = draw() * 600_000;
      const to = from + draw() * 1000;
      const inSpan = dueCountBy(pace(0.2, rate), to) - dueCountBy(pace(0.2, rate), from);
      expect(Math.abs(inSpan - ((to - from) * rate) / 1000)).toBeLessThan(1 + 1e-6);
    }
  });
});
