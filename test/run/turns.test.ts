/** The order in which arms have their restarts. */
import { describe, expect, it } from 'vitest';
import { turnsOf, type Turn } from '../../src/run/turns.ts';

interface Named {
  name: string;
  restarts: number;
}

const turns = (arms: readonly Named[], seed = 1): Turn<Named>[] => turnsOf(arms, ({ restarts }) => restarts, seed);
const arms = (restarts: number, names = ['a', 'b', 'c']): Named[] => names.map((name) => ({ name, restarts }));
const rounds = (all: readonly Turn<Named>[], size: number): string[] =>
  Array.from({ length: all.length / size }, (_, n) =>
    all
      .slice(n * size, (n + 1) * size)
      .map(({ arm }) => arm.name)
      .join(''),
  );

describe('the turns of a run', () => {
  it('are one session where an arm is alone', () => {
    expect(turns(arms(59, ['only']))).toEqual([
      { arm: { name: 'only', restarts: 59 }, opening: true, first: 0, restarts: 59 },
    ]);
  });

  it.each([1, 2, 3, 5, 6, 20, 59, 300])('give every arm each of its %d restarts once, in their order', (restarts) => {
    for (const { name } of arms(0)) {
      const own = turns(arms(restarts)).filter(({ arm }) => arm.name === name);
      expect(own.flatMap(({ first, restarts: some }) => Array.from({ length: some }, (_, n) => first + n))).toEqual(
        Array.from({ length: restarts }, (_, n) => n),
      );
      expect(own.map(({ opening }) => opening)).toEqual(own.map((_, n) => n === 0));
      expect(Math.max(...own.map((turn) => turn.restarts))).toBeLessThanOrEqual(2);
      expect(Math.min(...own.map((turn) => turn.restarts))).toBeGreaterThanOrEqual(1);
    }
  });

  it('go round by round, every arm once in each, from two restarts on at least twice', () => {
    expect(rounds(turns(arms(20)), 3).map((round) => round.split('').sort().join(''))).toEqual(
      Array.from({ length: 10 }, () => 'abc'),
    );
    expect(rounds(turns(arms(2)), 3)).toHaveLength(2);
    expect(rounds(turns(arms(1)), 3)).toHaveLength(1);
  });

  it('are shuffled by the seed within a round, the same for the same seed', () => {
    const orders = new Set(Array.from({ length: 40 }, (_, seed) => rounds(turns(arms(20), seed), 3)).flat());
    expect(orders.size).toBe(6);
    expect(turns(arms(20), 7)).toEqual(turns(arms(20), 7));
  });

  it('of an arm with fewer restarts lie evenly between those of the others', () => {
    const order = turns([
      { name: 'a', restarts: 16 },
      { name: 'b', restarts: 4 },
    ]).map(({ arm }) => arm.name);
    expect(order.join('')).toBe('aabaaaabaa');
  });
});
