import { describe, expect, it } from 'vitest';
import { summed } from '../../../src/traffic/sentinels/problems.ts';
import { sweptMs } from '../../../src/traffic/sentinels/sweep.ts';

describe('sweptMs', () => {
  it('spreads the sentinels of one restart evenly, the first at once', () => {
    expect([0, 1, 2, 3].map((index) => sweptMs({ restart: 0, index, count: 4 }, 20))).toEqual([0, 5, 10, 15]);
  });

  it('fills the gaps from restart to restart, within the span', () => {
    const instants = Array.from({ length: 50 }, (_, restart) => sweptMs({ restart, index: 0, count: 1 }, 20)).sort(
      (a, b) => a - b,
    );
    expect(instants[0]).toBe(0);
    expect(instants.at(-1)).toBeLessThan(20);
    for (let at = 1; at < instants.length; at += 1) {
      expect((instants[at] as number) - (instants[at - 1] as number)).toBeLessThan(1);
    }
  });
});

describe('summed', () => {
  it('tells alike problems once, with how many met them', () => {
    expect(summed('idle', 3, ['a', 'b', 'a'])).toEqual([
      'idle: 2 of 3 could not be put in place: a',
      'idle: 1 of 3 could not be put in place: b',
    ]);
    expect(summed('idle', 3, [])).toEqual([]);
  });
});
