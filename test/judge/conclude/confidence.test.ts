import { describe, expect, it } from 'vitest';
import { count, noCounts, type Counts } from '../../../src/model/outcome.ts';
import { confidenceOf, detectableGapMs } from '../../../src/judge/conclude/confidence.ts';

const pace = (ratePerSecond: number, firstDueMs = 0) => ({ ratePerSecond, firstDueMs });
const undone = (count: number, dirty = false) =>
  Array.from({ length: count }, () => ({ done: false, undone: 'failed', dirty }) as const);
const restarts = (clean: number, dirty = 0, unproven = 0) => [
  ...Array.from({ length: clean }, () => ({ done: true, undone: null, dirty: false })),
  ...Array.from({ length: dirty }, () => ({ done: true, undone: null, dirty: true })),
  ...Array.from({ length: unproven }, () => ({ done: false, undone: null, dirty: false })),
];
function counts(entries: Partial<Counts>): Counts {
  const all = noCounts();
  for (const outcome of ['answered', 'refused', 'raced', 'unsent'] as const) count(all, outcome, entries[outcome] ?? 0);
  return all;
}

describe('the shortest gap that would have been seen', () => {
  it('is 0.95 / rate for evenly spaced arrivals', () => {
    expect(detectableGapMs([pace(1000)])).toBeCloseTo(0.95, 9);
    expect(detectableGapMs([pace(500), pace(500, 1)])).toBeCloseTo(0.95, 6);
    expect(detectableGapMs([pace(0.1)])).toBeCloseTo(9500, 6);
  });

  it('is longer where streams are in step, and as a simulation finds it where they are not', () => {
    expect(detectableGapMs([pace(500), pace(500)])).toBeCloseTo(1.9, 2);
    const streams = [pace(300), pace(170, 0.7), pace(41, 2)];
    const gapMs = detectableGapMs(streams);
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let met = 0;
    for (let n = 0; n < 20_000; n += 1) {
      const fromMs = 100 + random() * 9000;
      const isMet = streams.some(({ ratePerSecond, firstDueMs }) => {
        const next = Math.ceil(((fromMs - firstDueMs) * ratePerSecond) / 1000);
        return firstDueMs + (next * 1000) / ratePerSecond < fromMs + gapMs;
      });
      if (isMet) met += 1;
    }
    expect(Math.abs(met / 20_000 - 0.95)).toBeLessThan(0.01);
  });

  it('is 0 where nothing was sent', () => {
    expect(detectableGapMs([])).toBe(0);
  });
});

describe('the three sentences', () => {
  it('after clean restarts', () => {
    expect(confidenceOf(restarts(20), counts({ answered: 12_345 }), [pace(500), pace(500, 1)])).toMatchObject({
      restarts: 20,
      dirty: 0,
      sentences: [
        'All 12,345 requests touched by 20 restarts were answered.',
        'With 95 % confidence fewer than 14 % of restarts drop requests.',
        'An outage shorter than 0.95 ms could have gone unnoticed.',
      ],
    });
  });

  it('after dirty ones', () => {
    const [seen, proves] = confidenceOf(restarts(17, 3), counts({ answered: 900, refused: 90, raced: 10 }), [
      pace(100),
    ]).sentences;
    expect(seen).toBe(
      'Of 1,000 requests touched by 20 restarts, 90 were lost and 10 raced; 3 of 20 restarts dropped requests.',
    );
    expect(proves).toBe('With 95 % confidence fewer than 35 % of restarts drop requests.');
    expect(confidenceOf(restarts(0, 5), counts({ refused: 5 }), []).sentences[1]).toBe(
      'Every restart dropped requests. Expect the next one to do so too.',
    );
  });

  it('claim nothing where no restart was done', () => {
    const none = confidenceOf(undone(3), counts({ answered: 900 }), [pace(100)]);
    expect(none).toMatchObject({ restarts: 0, dirty: 0, dirtyUpper95: 1 });
    expect(none.sentences.slice(0, 2)).toEqual([
      'All 900 requests touched by 3 restarts were answered. None of the 3 restarts was done: what was there ' +
        'before is still there.',
      'No restart was done, so nothing is known about one that is.',
    ]);
    const lossy = confidenceOf(undone(2, true), counts({ answered: 95, refused: 5 }), [pace(100)]).sentences;
    expect(lossy[0]).toBe(
      'Of 100 requests touched by 2 restarts, 5 were lost; 2 of 2 restarts dropped requests. None of the 2 ' +
        'restarts was done: what was there before is still there.',
    );
    const half = confidenceOf([...undone(1), ...undone(1, true)], counts({ answered: 95, refused: 5 }), [
      pace(100),
    ]).sentences;
    expect(half[0]).toContain('1 of 2 restarts dropped requests. None of the 2 restarts was done');
    expect(confidenceOf([...restarts(0, 2), ...undone(1)], counts({ refused: 5 }), []).sentences[1]).toBe(
      'Every restart that could be judged dropped requests. Expect the next one to do so too.',
    );
    expect(lossy[1]).toBe('No restart was done, so nothing is known about one that is.');
    expect(confidenceOf(undone(1), counts({ answered: 9 }), []).sentences[0]).toBe(
      'All 9 requests touched by 1 restart were answered. The restart was not done: what was there before is ' +
        'still there.',
    );
  });

  it('count only restarts that were done', () => {
    const some = confidenceOf([...restarts(2, 0, 1), ...undone(1)], counts({ answered: 40 }), [pace(100)]);
    expect(some).toMatchObject({ restarts: 2, dirty: 0 });
    expect(some.sentences[0]).toBe(
      'All 40 requests touched by 4 restarts were answered. 1 restart was not done: what was there before is ' +
        'still there. 1 restart could not be proven to have happened.',
    );
    expect(some.sentences[1]).toBe('With 95 % confidence fewer than 78 % of restarts drop requests.');
    expect(
      confidenceOf([{ done: false, undone: 'ignored', dirty: false }], counts({ answered: 4 }), []).sentences[1],
    ).toContain('Nothing is proven');
  });

  it('when nothing is proven', () => {
    const sentences = confidenceOf(restarts(0, 0, 2), counts({ answered: 10, unsent: 1 }), [pace(100)]).sentences;
    expect(sentences[0]).toBe(
      'All 11 requests touched by 2 restarts were answered, but for 1 that zerodrop itself did not send. 2 ' +
        'restarts could not be proven to have happened.',
    );
    expect(sentences[1]).toContain('Nothing is proven');
    expect(confidenceOf([], counts({}), []).sentences).toEqual([
      'No restart was seen.',
      'Nothing is proven: there was no restart that is known to have happened.',
      'Any outage could have gone unnoticed: no requests were sent.',
    ]);
  });
});
