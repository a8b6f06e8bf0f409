/** `zerodrop compare` as a user types it, on saved runs. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '../../src/log/write.ts';
import { maskOf } from '../../src/model/secrets/mask.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import { logOf, scenarioOf, sinceSignal } from '../judge/log.ts';
import type { LastLine } from '../../src/report/text/last-line.ts';
import { sandbox, type Ended, type Sandbox } from './zerodrop.ts';

let box: Sandbox;
const at = (...parts: string[]): string => join(box.folder, ...parts);

/** A run of eight restarts in each of which the target was down for so long. */
async function saveRun(name: string, downMs: number, restarts = 8, more: Record<string, unknown> = {}): Promise<void> {
  mkdirSync(at(name));
  const log = openLog(at(name, 'events.ndjson.gz'), maskOf([]));
  for (const event of logOf({
    scenario: scenarioOf(restarts, more),
    restarts,
    fate: (dueMs) => (sinceSignal(dueMs, 0, downMs) ? 'refused' : 1),
  })) {
    log.write(event);
  }
  await log.close();
}

beforeAll(async () => {
  box = sandbox(['env', 'GITHUB_ACTIONS=true', 'GITHUB_STEP_SUMMARY=step.md']);
  await saveRun('before', 0);
  await saveRun('same', 0);
  await saveRun('worse', 300);
  // 0 of 8 against 2 of 2 is p = .013, which is no difference among the five measures that are tested.
  await saveRun('few', 0, 2);
  await saveRun('other-load', 0, 8, { traffic: { arrivals: { main: { rate: '50/s' } } } });
});
afterAll(() => box.remove());

const compared = (names: string[], ...options: string[]): Promise<Ended> =>
  box.zerodrop('compare', ...names.map((name) => at(name)), '--out-dir', at('out'), ...options);

describe('zerodrop compare', () => {
  it('says what is worse, leaves its reports, and exits with 1', async () => {
    const { code, stdout } = await compared(
      ['before', 'worse'],
      '--json',
      at('c.json'),
      '--html',
      at('c.html'),
      '--markdown',
      at('c.md'),
      '--png',
      at('c.png'),
    );
    expect(stdout).toContain('worse drops requests in more restarts than before (8 of 8 against 0 of 8');
    expect(code).toBe(1);
    const { schema, comparison } = JSON.parse(readFileSync(at('c.json'), 'utf8')) as {
      schema: string;
      comparison: Comparison;
    };
    expect([schema, comparison.pairs[0]?.outcome]).toEqual(['zerodrop/comparison/1', 'worse']);
    expect(readFileSync(at('c.html'), 'utf8')).toContain('worse drops requests in more restarts than before');
    expect(readFileSync(at('c.md'), 'utf8')).toContain('| dirty restarts |');
    expect(readFileSync(at('c.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('tells CI what a run tells it: JUnit, annotations, a step summary and a last line', async () => {
    rmSync(at('step.md'), { force: true });
    const { code, stdout } = await compared(
      ['before', 'worse', 'same'],
      '--junit',
      at('ci/junit.xml'),
      '--inconclusive',
      'fail',
    );
    expect(code).toBe(1);
    expect(readFileSync(at('ci/junit.xml'), 'utf8')).toMatch(/<testsuites name="zerodrop" tests="12" failures="3"/);
    expect(stdout.match(/^::.*$/gm)).toEqual([
      expect.stringMatching(/^::error title=Fail%3A .* worse::worse drops requests in more restarts than before/),
    ]);
    expect(readFileSync(at('step.md'), 'utf8')).toMatch(/^## Fail: /);
    const line = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as LastLine;
    expect(line).toMatchObject({
      exitCode: 1,
      verdict: 'fail',
      restarts: 24,
      dirty: 8,
      comparison: {
        verdict: 'fail',
        pairs: [
          { other: 'worse', outcome: 'worse' },
          { other: 'same', outcome: 'not-shown' },
        ],
      },
    });
    expect(line.runs.map(({ folder }) => folder)).toEqual(['before', 'worse', 'same'].map((name) => at(name)));
    expect(existsSync(join(line.comparison?.folder ?? '', 'junit.xml'))).toBe(true);
  });

  it('exits with 0 where no difference is shown, and with 2 where none could be', async () => {
    expect(await compared(['before', 'same'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No difference between same and before was shown') as string,
    });
    expect(await compared(['before', 'few'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('Too few restarts') as string,
    });
    expect(await compared(['before', 'few'], '--inconclusive', 'fail')).toMatchObject({ code: 1 });
  });

  it('refuses runs under another load, and a run that has nothing beside it', async () => {
    expect(await compared(['before', 'other-load'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('traffic.arrivals') as string,
    });
    expect(await compared(['before'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('nothing to compare') as string,
    });
    expect(await compared(['before', 'nowhere'])).toMatchObject({ code: 64 });
    expect(existsSync(at('nowhere'))).toBe(false);
  });

  it('is not begun where there would be nothing to compare, or nowhere to write to', async () => {
    const file = box.file('alone.yaml', {
      name: 'alone',
      target: { command: ['node', '-e', 'process.exit(1)'] },
      restart: { strategy: 'stop-start' },
      traffic: { arrivals: { main: { rate: '70/s' } } },
    });
    expect(await box.zerodrop('compare', file)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('nothing to compare: one scenario with one arm') as string,
    });
    mkdirSync(at('folder'), { recursive: true });
    expect(await box.zerodrop('run', file, '--html', at('folder'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('there is a folder of that name') as string,
    });
    expect(existsSync(at('reports'))).toBe(false);
  });

  it('is not begun against a baseline under another load', async () => {
    const file = box.file('s.yaml', {
      name: 'other',
      target: { command: ['node', '-e', 'process.exit(1)'] },
      restart: { strategy: 'stop-start' },
      traffic: { arrivals: { main: { rate: '70/s' } } },
    });
    expect(await box.zerodrop('run', file, '--baseline', at('before'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('the baseline and this run differ in their load') as string,
    });
    expect(existsSync(at('reports'))).toBe(false);
  });
});
