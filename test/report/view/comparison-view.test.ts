/** The middles of a comparison as a table. */
import { describe, expect, it } from 'vitest';
import { middlesTable } from '../../../src/report/view/comparison-view.ts';
import { comparisonText } from '../../../src/report/text/comparison-text.ts';
import { reportHtml } from '../../../src/report/page/html.ts';
import type { ComparisonView } from '../../../src/report/view/view.ts';
import { comparedView } from '../sample.ts';

const CORNER = { measures: 'Measure', sides: 'Arm' };

/** A comparison of so many arms. */
function comparisonOf(arms: number): ComparisonView {
  const comparison = comparedView().comparison as ComparisonView;
  const more = <T extends { name: string }>(sides: readonly T[]): T[] =>
    Array.from({ length: arms }, (_, n) => ({ ...(sides[n % sides.length] as T), name: `arm-${n}` }));
  return {
    ...comparison,
    sides: more(comparison.sides),
    measures: comparison.measures.map((measure) => ({ ...measure, sides: more(measure.sides) })),
  };
}

describe('the middles', () => {
  it('have a column for each of a few arms', () => {
    const { head, rows } = middlesTable(comparisonOf(3), CORNER);
    expect(head).toEqual(['Measure', 'arm-0', 'arm-1', 'arm-2']);
    expect(rows.map(([label]) => label)).toEqual([
      'dirty restarts',
      'longest gap',
      'stall time',
      'p99 in restarts',
      'drain time',
    ]);
  });

  it('have a row for each of many, so that nothing is cut off on paper or wrapped in a terminal', () => {
    const comparison = comparisonOf(12);
    const { head, rows } = middlesTable(comparison, CORNER);
    expect(head).toEqual(['Arm', 'dirty restarts', 'longest gap', 'stall time', 'p99 in restarts', 'drain time']);
    expect(rows).toHaveLength(12);
    expect(rows[11]).toEqual(['arm-11', ...comparison.measures.map(({ sides }) => sides[11]?.text)]);
    const table = comparisonText(comparison, { color: false })
      .split('\n')
      .filter((line) => /^ *(arm-\d|median)/.test(line));
    expect(table).toHaveLength(13);
    expect(Math.max(...table.map((line) => line.length))).toBeLessThan(180);
    expect(reportHtml({ ...comparedView(), comparison })).toMatch(/<th scope="row">arm-11<\/th>/);
  });
});
