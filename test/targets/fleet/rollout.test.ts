import { describe, expect, it } from 'vitest';
import { rollingLimitsOf } from '../../../src/model/rolling.ts';
import { rolloutMoveOf } from '../../../src/targets/fleet/rollout.ts';

/**
 * Plays a rollout in which every new instance is available a round after its start. Returns what there was after each
 * round.
 */
function play(replicas: number, surge: number, unavailable: number) {
  let [old, fresh, available] = [replicas, 0, 0];
  const rounds: { total: number; available: number }[] = [];
  for (let round = 0; round < 100; round += 1) {
    const move = rolloutMoveOf({
      replicas,
      surge,
      unavailable,
      fresh: { total: fresh, available },
      old: { total: old, available: old },
    });
    if (move.done) return rounds;
    const before = fresh;
    fresh += move.start;
    old -= move.endWell + move.endIll;
    rounds.push({ total: fresh + old, available: available + old });
    available = before;
  }
  throw new Error('it never ends');
}

describe('a rollout', () => {
  it.each([
    [4, 1, 1],
    [3, 1, 0],
    [3, 0, 1],
    [10, 3, 2],
    [1, 1, 0],
    [4, 0, 4],
  ])('of %i with surge %i and %i unavailable never has too many or too few', (replicas, surge, unavailable) => {
    const rounds = play(replicas, surge, unavailable);
    expect(Math.max(...rounds.map(({ total }) => total))).toBeLessThanOrEqual(replicas + surge);
    expect(Math.min(...rounds.map(({ available }) => available))).toBe(Math.min(replicas, replicas - unavailable));
  });

  it('ends old ones that are not available first, and keeps the others', () => {
    const move = rolloutMoveOf({
      replicas: 3,
      surge: 1,
      unavailable: 1,
      fresh: { total: 0, available: 0 },
      old: { total: 3, available: 2 },
    });
    expect(move).toEqual({ start: 1, endIll: 1, endWell: 0, done: false });
  });

  it('ends nothing while new ones are not available', () => {
    expect(
      rolloutMoveOf({
        replicas: 3,
        surge: 1,
        unavailable: 0,
        fresh: { total: 1, available: 0 },
        old: { total: 3, available: 3 },
      }),
    ).toEqual({ start: 0, endIll: 0, endWell: 0, done: false });
  });
});

describe('the limits of a rollout', () => {
  it('round a surge up and what may be missing down', () => {
    expect(rollingLimitsOf({ maxSurge: '25%', maxUnavailable: '25%' }, 3)).toEqual({ surge: 1, unavailable: 0 });
    expect(rollingLimitsOf({ maxSurge: '25%', maxUnavailable: '25%' }, 10)).toEqual({ surge: 3, unavailable: 2 });
    expect(rollingLimitsOf({ maxSurge: 1, maxUnavailable: 9 }, 4)).toEqual({ surge: 1, unavailable: 4 });
  });

  it('let one be missing where nothing could ever begin', () => {
    expect(rollingLimitsOf({ maxSurge: 0, maxUnavailable: '25%' }, 3)).toEqual({ surge: 0, unavailable: 1 });
  });
});
