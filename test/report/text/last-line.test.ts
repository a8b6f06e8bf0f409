import { describe, expect, it } from 'vitest';
import { lastLineOf, type LastLine } from '../../../src/report/text/last-line.ts';
import { recordedJudgement } from '../recorded.ts';

describe('lastLineOf', () => {
  it('is one line of JSON with the totals of all runs', () => {
    const { result } = recordedJudgement();
    const line = lastLineOf(
      [
        { result, folder: 'reports/a' },
        { result: { ...result, verdict: 'pass', asExpected: false }, folder: 'reports/b\nc' },
      ],
      1,
    );
    expect(line).not.toContain('\n');
    const read = JSON.parse(line) as LastLine;
    const sum = (of: (arm: (typeof result.arms)[number]) => number): number =>
      2 * result.arms.reduce((total, arm) => total + of(arm), 0);
    expect(read).toMatchObject({
      schema: 'zerodrop/line/1',
      exitCode: 1,
      verdict: result.verdict,
      asExpected: false,
      due: sum(({ requests }) => requests.due),
      lost: sum(({ requests }) => requests.lost),
      restarts: sum(({ confidence }) => confidence.restarts),
    });
    expect(read.runs.map(({ folder, verdict }) => [folder, verdict])).toEqual([
      ['reports/a', result.verdict],
      ['reports/b\nc', 'pass'],
    ]);
  });

  it('has the verdict of a comparison, not of the runs that were compared', () => {
    const { result } = recordedJudgement();
    const comparison = {
      verdict: 'pass' as const,
      folder: 'reports/compare/1',
      pairs: [{ reference: 'a', other: 'b', outcome: 'not-shown' as const }],
    };
    expect(result.verdict).not.toBe('pass');
    expect(JSON.parse(lastLineOf([{ result, folder: 'reports/a' }], 0, comparison))).toMatchObject({
      exitCode: 0,
      verdict: 'pass',
      comparison,
      runs: [{ verdict: result.verdict }],
    });
  });

  it('is a pass of nothing when nothing ran', () => {
    expect(JSON.parse(lastLineOf([], 130))).toMatchObject({ exitCode: 130, verdict: 'pass', due: 0, runs: [] });
  });
});
