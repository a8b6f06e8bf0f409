import { expect, it } from 'vitest';
import { balanceOf } from '../../src/front/balance.ts';

const turns = (weights: Record<string, number>, count: number): string => {
  const balance = balanceOf(Object.entries(weights).map(([name, weight]) => ({ name, weight })));
  return Array.from({ length: count }, () => balance.next()?.name ?? '-').join('');
};

it('spreads a share evenly', () => {
  expect(turns({ a: 5, b: 1, c: 1 }, 7)).toBe('aabacaa');
  expect(turns({ a: 1, b: 1 }, 4)).toBe('abab');
});

it('never chooses who weighs nothing', () => {
  expect(turns({ a: 0, b: 1 }, 3)).toBe('bbb');
  expect(turns({ a: 0 }, 2)).toBe('--');
  expect(turns({}, 1)).toBe('-');
});
