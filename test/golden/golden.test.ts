/**
 * Saved logs of real runs, judged and reported again: what zerodrop says of a run changes only when somebody means it
 * to.
 *
 * `npm run golden` writes the files anew; read their difference before you commit it.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { junitXml } from '../../src/report/text/junit.ts';
import { summaryMarkdown } from '../../src/report/text/markdown.ts';
import { openMetricsText } from '../../src/report/text/openmetrics.ts';
import { summaryText } from '../../src/report/text/terminal.ts';
import { viewOf } from '../../src/report/view/view-of.ts';
import { savedJudgement } from './saved.ts';

describe.each(['two-arms', 'hasty-drain'] as const)('the saved run %s', (run) => {
  it('is judged and reported as before', async () => {
    const judgement = await savedJudgement(run);
    const view = viewOf(judgement);
    const file = (name: string): string => join(import.meta.dirname, run, name);
    await expect(`${JSON.stringify(judgement.result, null, 2)}\n`).toMatchFileSnapshot(file('result.json'));
    await expect(junitXml(view)).toMatchFileSnapshot(file('junit.xml'));
    await expect(summaryMarkdown(view)).toMatchFileSnapshot(file('summary.md'));
    await expect(openMetricsText(judgement.result)).toMatchFileSnapshot(file('metrics.prom'));
    await expect(summaryText(view, { color: false })).toMatchFileSnapshot(file('terminal.txt'));
  });
});
