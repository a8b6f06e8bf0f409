import { expect, it } from 'vitest';
import { balanceOf } from '../../../../src/targets/fleet/front/balance.ts';

const turns = (weights: Record<string, number>, count: number): string[] => {
  const balance = balanceOf(Object.entries(weights).map(([name, weight]) => ({ name, weight })));
  return Array.from({ length: count }, () => balance.next()?.name ?? '-');
};
const countsOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(names)].sort().map((name) => [name, names.filter((other) => other === name).length]));

it('gives exact shares in every round', () => {
  const names = turns({ a: 7, b: 2, c: 1 }, 200);
  for (let round = 0; round < 20; round += 1) {
    expect(countsOf(names.slice(round * 10, round * 10 + 10))).toEqual({ a: 7, b: 2, c: 1 });
  }
});

it('does not repeat an order', () => {
  const rounds = turns({ a: 1, b: 1, c: 1 }, 300).join('').match(/.{3}/g) ?? [];
  expect(new Set(rounds).size).toBe(6);
});

it('never chooses who weighs nothing, and leaves out who may not', () => {
  expect(turns({ a: 0, b: 1 }, 3)).toEqual(['b', 'b', 'b']);
  expect(turns({ a: 0 }, 2)).toEqual(['-', '-']);
  expect(turns({}, 1)).toEqual(['-']);
  const balance = balanceOf([
    { name: 'a', weight: 1 },
    { name: 'b', weight: 1 },
  ]);
  expect(Array.from({ length: 5 }, () => balance.next(({ name }) => name === 'a')?.name)).toEqual([
    'a',
    'a',
    'a',
    'a',
    'a',
  ]);
});
