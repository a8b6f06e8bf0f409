/** What is called worse, what is not shown, and in which words. */
import { describe, expect, it } from 'vitest';
import { comparisonOfSides } from '../../../src/judge/compare/comparison.ts';
import { sideValuesOf } from '../../../src/judge/compare/sides.ts';
import {
  MEASURES,
  type ComparedMeasure,
  type ComparedPair,
  type ComparedSide,
  type Comparison,
  type Measure,
} from '../../../src/model/comparison.ts';

type Values = Partial<Record<Measure, (number | null)[]>>;

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const spread = (count: number, from: number, step = 0.3): number[] =>
  Array.from({ length: count }, (_, n) => from + ((n * 7) % count) * step);

function side(name: string, values: Values, restarts: number): ComparedSide {
  const measures = MEASURES.map((measure) => [measure, sideValuesOf(measure, values[measure] ?? zeros(restarts))]);
  return {
    name,
    arm: name,
    run: null,
    strategy: 'stop-start',
    measures: Object.fromEntries(measures) as ComparedSide['measures'],
  };
}

/** `new` against `old`. */
function compared(old: Values, fresh: Values, restarts = 20): Comparison {
  return comparisonOfSides([side('old', old, restarts), side('new', fresh, restarts)], [['old', 'new']]);
}
const pairOf = ({ pairs }: Comparison): ComparedPair => pairs[0] as ComparedPair;
const measureOf = (comparison: Comparison, measure: Measure): ComparedMeasure =>
  pairOf(comparison).measures[MEASURES.indexOf(measure)] as ComparedMeasure;

describe('a comparison', () => {
  it('finds the arm that drops requests, and says so with numbers', () => {
    const dirty = (count: number): number[] => Array.from({ length: 20 }, (_, n) => (n < count ? 1 : 0));
    const comparison = compared({ dirty: dirty(1), p99: spread(20, 4) }, { dirty: dirty(14), p99: spread(20, 4) });
    expect(pairOf(comparison).outcome).toBe('worse');
    expect(measureOf(comparison, 'dirty')).toMatchObject({
      outcome: 'worse',
      difference: expect.closeTo(0.65, 10) as number,
      moreRestarts: null,
    });
    expect(comparison.sentence).toBe(
      'new drops requests in more restarts than old (14 of 20 against 1 of 20, p < 0.001).',
    );
    expect(measureOf(comparison, 'dirty').sentence).toBe(
      'Dirty restarts: worse, 14 of 20 against 1 of 20 (p < 0.001).',
    );
  });

  it('finds what is slower, by how much, and what is better', () => {
    const comparison = compared(
      { gap: spread(20, 200), drain: spread(20, 500) },
      { gap: spread(20, 20), drain: spread(20, 900) },
    );
    expect(measureOf(comparison, 'gap').outcome).toBe('better');
    expect(measureOf(comparison, 'drain')).toMatchObject({ outcome: 'worse', difference: 400 });
    expect(measureOf(comparison, 'drain').sentence).toBe(
      'Drain time: worse, 903 ms against 503 ms at the median, longer by 400 ms (399 ms to 401 ms) (p < 0.001).',
    );
    expect(pairOf(comparison)).toMatchObject({
      outcome: 'better',
      sentence:
        'new is better than old in longest gap (23 ms against 203 ms, p < 0.001), but worse in drain time (903 ' +
        'ms against 503 ms).',
    });
  });

  it('tells of a longer drain, which no client meets, and calls nothing worse for it', () => {
    const longer = compared({ drain: spread(20, 500) }, { drain: spread(20, 900) });
    expect(measureOf(longer, 'drain').outcome).toBe('worse');
    expect(pairOf(longer)).toMatchObject({
      outcome: 'not-shown',
      sentence:
        'No difference between new and old that a client meets was shown in 20 restarts of each; the drain ' +
        'time is longer (903 ms against 503 ms, p < 0.001).',
    });
    expect(pairOf(compared({ drain: spread(20, 900) }, { drain: spread(20, 500) }))).toMatchObject({
      outcome: 'not-shown',
      sentence: expect.stringContaining('the drain time is shorter (503 ms') as string,
    });
  });

  it('says first which one drops requests, though another difference makes the outcome', () => {
    const comparison = compared(
      { dirty: Array.from({ length: 20 }, () => 1), gap: spread(20, 200), p99: spread(20, 500) },
      { p99: spread(20, 900) },
    );
    expect(pairOf(comparison)).toMatchObject({
      outcome: 'worse',
      sentence:
        'new drops requests in fewer restarts than old (0 of 20 against 20 of 20, p < 0.001), and is better in ' +
        'longest gap (0 ms against 203 ms), but worse in p99 in restarts (903 ms against 503 ms).',
    });
  });

  it('finds stalls in some of the restarts, where the medians tell nothing', () => {
    const comparison = compared({ stall: zeros(20) }, { stall: [...zeros(11), ...spread(9, 300)] });
    expect(measureOf(comparison, 'stall')).toMatchObject({
      outcome: 'worse',
      difference: expect.closeTo(0, 6) as number,
      worseShare: 0.45,
      betterShare: 0,
    });
    expect(measureOf(comparison, 'stall').sentence).toContain(
      'of all pairs of restarts 45 % are worse by 10 ms or more, 0 % better',
    );
  });

  it('calls nothing a difference that is too small to matter, however sure', () => {
    const comparison = compared({ p99: spread(20, 4, 0.01) }, { p99: spread(20, 6, 0.01) });
    expect(measureOf(comparison, 'p99')).toMatchObject({ outcome: 'not-shown', moreRestarts: null, adjustedPValue: 1 });
    expect(comparison.sentence).toBe(
      'No difference between new and old was shown in 20 restarts of each, and the data suggest none.',
    );
  });

  it('says how many more restarts would tell what looks like a difference', () => {
    const comparison = compared({ stall: zeros(20) }, { stall: [...zeros(17), 300, 310, 320] });
    const { outcome, moreRestarts, sentence } = measureOf(comparison, 'stall');
    expect(outcome).toBe('not-shown');
    expect(moreRestarts).toBeGreaterThan(10);
    expect(moreRestarts).toBeLessThan(100);
    expect(sentence).toContain(`about ${moreRestarts} more restarts per arm would settle it`);
  });

  it('does not pretend that three restarts could show anything', () => {
    const comparison = compared({ gap: [0, 0, 0] }, { gap: [200, 210, 220] }, 3);
    expect(pairOf(comparison).outcome).toBe('unclear');
    expect(comparison.sentence).toContain('Too few restarts');
    expect(measureOf(comparison, 'gap')).toMatchObject({ low: null, high: null });
  });

  it('leaves out what was not measured, and restarts that were not', () => {
    const comparison = compared({ drain: [...zeros(19), null] }, { drain: Array.from({ length: 20 }, () => null) });
    expect(measureOf(comparison, 'drain')).toMatchObject({
      outcome: 'not-measured',
      pValue: null,
      difference: null,
      sentence: 'Drain time: not measured for new.',
    });
    expect(comparison.sides[0]?.measures.drain.count).toBe(19);
  });

  it('tells of what is worse first, then of what is better, and last of what was not shown', () => {
    const names = ['same', 'few', 'faster', 'slower'];
    const values: Values[] = [{}, {}, { gap: zeros(20) }, { gap: spread(20, 400) }];
    const sides = [
      side('base', { gap: spread(20, 200) }, 20),
      ...names.map((name, n) => side(name, { gap: spread(20, 200), ...values[n] }, name === 'few' ? 1 : 20)),
    ];
    const { sentence } = comparisonOfSides(
      sides,
      names.map((name) => ['base', name] as const),
    );
    expect(names.toSorted((one, other) => sentence.indexOf(one) - sentence.indexOf(other))).toEqual([
      'slower',
      'faster',
      'few',
      'same',
    ]);
  });

  it('corrects for all of its tests', () => {
    const gap = { gap: spread(8, 0, 6) };
    const one = comparisonOfSides([side('a', gap, 8), side('b', { gap: spread(8, 30, 6) }, 8)], [['a', 'b']]);
    const three = comparisonOfSides(
      [side('a', gap, 8), ...['b', 'c', 'd'].map((name) => side(name, { gap: spread(8, 30, 6) }, 8))],
      ['b', 'c', 'd'].map((name) => ['a', name] as const),
    );
    const [p, adjusted] = [measureOf(one, 'gap').adjustedPValue, measureOf(three, 'gap').adjustedPValue].map(
      Number,
    ) as [number, number];
    expect(adjusted).toBeCloseTo(3 * p, 10);
  });
});
