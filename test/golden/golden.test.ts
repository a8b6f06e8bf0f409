/**
 * Saved logs of real runs, judged and reported again: what zerodrop says of a run changes only when somebody means it to.
 *
 * `npm run golden` writes the files anew; read their difference before you commit it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgementOf } from '../../src/judge/judge.ts';
import { startRecording } from '../../src/judge/recording.ts';
import { readLog } from '../../src/log/read.ts';
import { junitXml } from '../../src/report/junit.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { openMetricsText } from '../../src/report/openmetrics.ts';
import { summaryText } from '../../src/report/terminal.ts';
import { viewOf } from '../../src/report/view-of.ts';

const FOLDER = import.meta.dirname;
const runs = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'events.ndjson.gz')));

describe.each(runs)('the saved run %s', (run) => {
  it('is judged and reported as before', async () => {
    const recording = startRecording();
    for await (const event of readLog(join(FOLDER, run, 'events.ndjson.gz'))) recording.add(event);
    const judgement = judgementOf(recording.finish());
    const view = viewOf(judgement);
    const file = (name: string): string => join(FOLDER, run, name);
    await expect(`${JSON.stringify(judgement.result, null, 2)}\n`).toMatchFileSnapshot(file('result.json'));
    await expect(junitXml(view)).toMatchFileSnapshot(file('junit.xml'));
    await expect(summaryMarkdown(view)).toMatchFileSnapshot(file('summary.md'));
    await expect(openMetricsText(judgement.result)).toMatchFileSnapshot(file('metrics.prom'));
    await expect(summaryText(view, { color: false })).toMatchFileSnapshot(file('terminal.txt'));
  });
});
