/**
 * How often a comparison is wrong: arms that are alike, and arms that are not, drawn again and again from a seeded
 * generator.
 *
 * Rule: the values look like measured ones: gaps that are mostly none, stalls with a long tail, drains that come in
 * steps.
 */
import { describe, expect, it } from 'vitest';
import { comparisonOfSides } from '../../../src/judge/compare/comparison.ts';
import { sideValuesOf } from '../../../src/judge/compare/sides.ts';
import { MEASURES, type ComparedSide, type Comparison, type Measure } from '../../../src/model/comparison.ts';
import { turnsOf } from '../../../src/run/turns.ts';

type Random = () => number;
type Arm = (random: Random) => Record<Measure, number>;

function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const tail = (random: Random, middle: number): number => middle / (1.02 - random());

/** A restart on a noisy machine: one noise makes its gap, its stall and its p99 worse together. */
const usual: Arm = (random) => {
  const noisy = random() < 0.2;
  return {
    dirty: random() < 0.15 ? 1 : 0,
    gap: random() < 0.3 ? 5 * Math.ceil(random() * 4) : 0,
    stall: noisy ? tail(random, 20) : 0,
    p99: 4 + tail(random, noisy ? 8 : 1),
    drain: 50 * Math.ceil(random() * 3) + random() * 5,
  };
};
const slower: Arm = (random) => {
  const restart = usual(random);
  return { ...restart, gap: restart.gap + 20 };
};
const stalling: Arm = (random) => ({ ...usual(random), stall: random() < 0.75 ? 300 : 0 });
const dropping: Arm = (random) => ({ ...usual(random), dirty: random() < 0.85 ? 1 : 0 });
const barelySlower: Arm = (random) => {
  const restart = usual(random);
  return { ...restart, p99: restart.p99 + 0.5 };
};

function side(name: string, arm: Arm, restarts: number, random: Random): ComparedSide {
  return sideOf(
    name,
    Array.from({ length: restarts }, () => arm(random)),
  );
}

function sideOf(name: string, rows: readonly Record<Measure, number>[]): ComparedSide {
  return {
    name,
    arm: name,
    run: null,
    strategy: 'x',
    measures: Object.fromEntries(
      MEASURES.map((measure) => [
        measure,
        sideValuesOf(
          measure,
          rows.map((row) => row[measure]),
        ),
      ]),
    ) as ComparedSide['measures'],
  };
}

/** The share of comparisons of which something is true. */
function rate(
  arms: readonly Arm[],
  restarts: number,
  times: number,
  wanted: (comparison: Comparison) => boolean,
): number {
  const random = randomOf(restarts * 1000 + arms.length);
  let met = 0;
  for (let time = 0; time < times; time += 1) {
    const sides = arms.map((arm, position) => side(`arm-${position}`, arm, restarts, random));
    const comparison = comparisonOfSides(
      sides,
      sides.slice(1).map(({ name }) => ['arm-0', name] as const),
    );
    if (wanted(comparison)) met += 1;
  }
  return met / times;
}

/**
 * Two arms that are alike, in the turns of a run, on a machine whose neighbour is busy for some time and then is not
 * (means of both, s): no restart is a draw of its own.
 */
function besideNeighbour(restarts: number, seed: number, busyS: number, awayS: number, random: Random): Comparison {
  const lasting = (): number => -Math.log(1 - random()) * (busy ? busyS : awayS);
  let busy = random() < busyS / (busyS + awayS);
  let untilS = lasting();
  let nowS = 0;
  const pass = (seconds: number): void => {
    nowS += seconds;
    for (; untilS < nowS; untilS += lasting()) busy = !busy;
  };
  const rows = new Map([
    ['a', [] as Record<Measure, number>[]],
    ['b', []],
  ]);
  for (const { arm, restarts: some } of turnsOf([{ name: 'a' }, { name: 'b' }], () => restarts, seed)) {
    pass(1.2);
    for (let restart = 0; restart < some; restart += 1) {
      pass(2.5);
      const noise = busy ? 20 + 20 * random() : 0;
      rows.get(arm.name)?.push({
        dirty: 0,
        gap: 0,
        stall: noise > 30 ? noise : 0,
        p99: 4 + 3 * random() + noise,
        drain: 100 + 30 * random() + 2 * noise,
      });
    }
  }
  return comparisonOfSides(
    [...rows].map(([name, own]) => sideOf(name, own)),
    [['a', 'b']],
  );
}

const anyDifference = ({ pairs }: Comparison): boolean =>
  pairs.some(({ measures }) => measures.some(({ outcome }) => outcome === 'worse' || outcome === 'better'));
const worseIn =
  (measure: Measure) =>
  ({ pairs }: Comparison): boolean =>
    pairs[0]?.measures[MEASURES.indexOf(measure)]?.outcome === 'worse';

/** 5 % promised, and three standard errors of 400 draws. */
const PROMISED = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 400);

describe('arms that are alike', () => {
  it.each([6, 20])('with %d restarts are called different in one comparison of twenty at most', (restarts) => {
    expect(rate([usual, usual], restarts, 400, anyDifference)).toBeLessThanOrEqual(PROMISED);
  });

  it('are so too when there are four of them', () => {
    expect(rate([usual, usual, usual, usual], 12, 400, anyDifference)).toBeLessThanOrEqual(PROMISED);
  });

  it('but for half a millisecond are called different no more often', () => {
    expect(rate([usual, barelySlower], 20, 400, anyDifference)).toBeLessThanOrEqual(PROMISED);
  });
});

describe('arms that are alike, beside a neighbour who comes and goes', () => {
  it('are called different no more often', () => {
    const random = randomOf(12);
    const called = Array.from({ length: 400 }, (_, seed) => besideNeighbour(12, seed, 10, 10, random)).filter(
      anyDifference,
    ).length;
    expect(called / 400).toBeLessThanOrEqual(PROMISED);
  });
});

describe('arms that are not alike', () => {
  it.each([
    ['gap', slower],
    ['stall', stalling],
    ['dirty', dropping],
  ] as const)('are found out by their %s in 9 of 10 comparisons, with 20 restarts', (measure, arm) => {
    expect(rate([usual, arm], 20, 200, worseIn(measure))).toBeGreaterThanOrEqual(0.9);
  });
});
