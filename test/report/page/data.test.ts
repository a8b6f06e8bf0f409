import { describe, expect, it } from 'vitest';
import { columnsOfFailures, failuresOfColumns } from '../../../src/report/page/data.ts';
import { viewOf } from '../../../src/report/view/view-of.ts';
import { HOSTILE, recordedJudgement } from '../recorded.ts';
import { sampleView } from '../sample.ts';

describe('columns of failures', () => {
  it('give back what went in, to the microsecond', () => {
    const micros = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value);
    for (const { failures } of [viewOf(recordedJudgement(HOSTILE)), sampleView()]) {
      const exact = JSON.parse(JSON.stringify(failures), (_, value: unknown) => micros(value)) as unknown;
      expect(
        failuresOfColumns(
          JSON.parse(JSON.stringify(columnsOfFailures(failures))) as ReturnType<typeof columnsOfFailures>,
        ),
      ).toEqual(exact);
    }
  });

  it('hold each text once', () => {
    const { texts } = columnsOfFailures(sampleView({ arms: 1, restarts: 50, failuresPerRestart: 100 }).failures);
    expect(texts.length).toBeLessThan(30);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
