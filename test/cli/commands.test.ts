/** The commands as a user types them, on the compiled program. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { VERSION } from '../../src/version.ts';
import { sandbox, type Sandbox } from './zerodrop.ts';

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  const left = await box.leftovers();
  box.remove();
  expect(left).toEqual([]);
});

const SERVER = `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')`;
const scenario = (more: object = {}): object => ({
  name: 'typed',
  target: { command: ['node', '-e', SERVER] },
  restart: { strategy: 'stop-start', count: 5, quiet: '200ms' },
  traffic: { arrivals: { fresh: { rate: '100/s' } } },
  ...more,
});
const saved = (name: string): Result => JSON.parse(readFileSync(join(box.folder, name), 'utf8')) as Result;

describe('init', () => {
  it('writes a scenario that is valid, with its schema, and nothing over it', async () => {
    expect(await box.zerodrop('init', 'staging/api.yaml')).toMatchObject({ code: 0 });
    expect(readFileSync(join(box.folder, 'staging/api.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/zerodrop\.schema\.json/,
    );
    expect(existsSync(join(box.folder, 'staging/zerodrop.schema.json'))).toBe(true);
    expect(await box.zerodrop('validate', 'staging/api.yaml')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('valid') as string,
    });
    expect(await box.zerodrop('init', 'staging/api.yaml')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('already exists') as string,
    });
    expect(await box.zerodrop('init', 'staging/api.txt')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Name it *.yaml') as string,
    });
  });

  it('begins with what the project says, and writes a workflow when asked', async () => {
    box.file('package.json', JSON.stringify({ scripts: { start: 'node --enable-source-maps server.mjs' } }));
    const { code, stdout } = await box.zerodrop('init', 'staging/node.yaml', '--ci', '-s', 'stop-start');
    expect(code).toBe(0);
    expect(stdout).toContain('The command is from scripts.start of package.json.');
    expect(stdout).toContain('stop-start has a gap by design, so this scenario fails.');
    expect(readFileSync(join(box.folder, 'staging/node.yaml'), 'utf8')).toContain('working_dir: ..');
    expect(readFileSync(join(box.folder, '.github/workflows/zerodrop.yml'), 'utf8')).toContain(
      'npx zerodrop run staging/node.yaml',
    );
    expect((await box.zerodrop('validate', 'staging/node.yaml')).code).toBe(0);
  });
});

describe('validate', () => {
  it('checks every file, also after a bad one', async () => {
    box.file('good.yaml', scenario());
    box.file('bad.yaml', scenario({ traffik: {} }));
    const { code, stdout, stderr } = await box.zerodrop('validate', 'bad.yaml', 'good.yaml');
    expect(code).toBe(64);
    expect(stderr).toContain('did you mean "traffic"');
    expect(stdout).toContain('good.yaml: valid');
  });
});

describe('strategies', () => {
  it('lists them, explains one, and knows the nearest', async () => {
    expect((await box.zerodrop('strategies')).stdout).toMatch(
      /stop-start[\s\S]*signal-handoff[\s\S]*socket-activation/,
    );
    expect((await box.zerodrop('strategies', 'signal-handoff')).stdout).toMatch(
      /1\. .*SIGUSR2[\s\S]*2\. .*new generation/i,
    );
    expect(await box.zerodrop('strategies', 'signal-handof')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('signal-handoff') as string,
    });
  });
});

describe('run', () => {
  it('takes strategy, number, seed and thresholds from the command line', async () => {
    box.file('s.yaml', scenario());
    const words = [
      '-s',
      'kill-start',
      '-n',
      '1',
      '--seed',
      '7',
      '--threshold',
      'lost=100000',
      '--threshold',
      'gap=50s',
      '--no-controls',
      '--quiet',
      '--out-dir',
      'elsewhere',
    ];
    const { code, stdout, stderr } = await box.zerodrop(
      'run',
      's.yaml',
      ...words,
      '--json',
      'r.json',
      '--html',
      'copies/r.html',
      '--junit',
      'copies/j.xml',
      '--markdown',
      'copies/m.md',
      '--openmetrics',
      'copies/o.prom',
    );
    const result = saved('r.json');
    const findings = result.findings.filter(({ severity }) => severity !== 'note');
    // A machine that is busy with other tests may make it inconclusive, and nothing else.
    const late = findings.some(({ code }) => code === 'harness-late');
    expect({
      code,
      stderr,
      verdict: result.verdict,
      findings: findings.filter(({ code }) => code !== 'harness-late'),
    }).toEqual({ code: late ? 2 : 0, stderr: '', verdict: late ? 'inconclusive' : 'pass', findings: [] });
    expect(stdout).toContain('kill-start');
    expect(result).toMatchObject({ schema: 'zerodrop/result/1', seed: 7, scenario: 'typed' });
    expect(result.arms[0]?.requests.refused).toBeGreaterThan(0);
    expect(result.arms[0]?.restarts).toHaveLength(1);
    const [run] = readdirSync(join(box.folder, 'elsewhere/typed'));
    const files = [
      'events.ndjson.gz',
      'junit.xml',
      'metrics.prom',
      'overlay.png',
      'report.html',
      'result.json',
      'scenario.json',
      'summary.md',
      'timeline.png',
    ];
    expect(readdirSync(join(box.folder, 'elsewhere/typed', run as string)).sort()).toEqual(files);
    expect(readdirSync(join(box.folder, 'copies')).sort()).toEqual(['j.xml', 'm.md', 'o.prom', 'r.html']);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      schema: 'zerodrop/line/1',
      exitCode: code,
      verdict: result.verdict,
      lost: result.arms[0]?.requests.lost,
      restarts: 1,
    });
  });

  it('tells GitHub Actions why it fails, once', async () => {
    const there = sandbox(['env', 'GITHUB_ACTIONS=true', 'GITHUB_STEP_SUMMARY=summary.md']);
    there.file('s.yaml', scenario());
    there.file('summary.md', '# Before\n');
    const { code, stdout } = await there.zerodrop('run', 's.yaml', '-n', '1', '--no-controls');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error title=Fail%3A typed%2C default/m);
    expect(readFileSync(join(there.folder, 'summary.md'), 'utf8')).toMatch(/^# Before\n## Fail: typed/);
    there.remove();
  });

  it('takes inconclusive for a failure when it is asked to', async () => {
    // A rate of one a minute: nothing is sent while it restarts.
    box.file(
      's.yaml',
      scenario({ traffic: { arrivals: { rare: { rate: '1/min', connection: 'new' } } }, thresholds: { lost: 100 } }),
    );
    expect(await box.zerodrop('run', 's.yaml', '-n', '1', '--no-controls')).toMatchObject({ code: 2 });
    const run = join('reports/typed', readdirSync(join(box.folder, 'reports/typed')).sort()[0] as string);
    expect(await box.zerodrop('judge', run, '--inconclusive=fail', '--junit', 'j.xml')).toMatchObject({ code: 1 });
    expect(readFileSync(join(box.folder, 'j.xml'), 'utf8')).toContain('<error ');
  });

  it('ends as expected, and a saved run is judged and reported the same again', async () => {
    box.file('s.yaml', scenario({ expect: 'fail' }));
    expect(await box.zerodrop('run', 's.yaml', '-n', '1', '--no-controls', '--json', 'r.json')).toMatchObject({
      code: 1,
    });
    expect(await box.zerodrop('run', 's.yaml', '-n', '1', '--no-controls', '--expect')).toMatchObject({ code: 0 });
    const run = join('reports/typed', readdirSync(join(box.folder, 'reports/typed')).sort()[0] as string);
    expect(await box.zerodrop('judge', run, '--json', 'again.json')).toMatchObject({ code: 1 });
    expect(saved('again.json')).toEqual(saved('r.json'));
    expect(await box.zerodrop('judge', join(run, 'result.json'), '--expect')).toMatchObject({ code: 0 });
    expect((await box.zerodrop('report', run, '--html', 'page.html')).stdout).toContain('page.html');
    expect(readFileSync(join(box.folder, 'page.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    // What was saved is a scenario itself, and runs from where it lies.
    expect(await box.zerodrop('run', join(run, 'scenario.json'), '-n', '1', '--no-controls', '--expect')).toMatchObject(
      { code: 0 },
    );
  });

  it('gives the worst code of several scenarios, and no copies of them', async () => {
    box.file('a.yaml', scenario({ name: 'a', thresholds: { lost: 100000 } }));
    box.file('b.yaml', scenario({ name: 'b' }));
    expect(await box.zerodrop('run', 'b.yaml', 'a.yaml', '-n', '1', '--no-controls', '--quiet')).toMatchObject({
      code: 1,
    });
    expect(await box.zerodrop('run', 'b.yaml', 'a.yaml', '--json', 'x.json')).toMatchObject({ code: 64 });
  });

  it('refuses numbers that are none', async () => {
    box.file('s.yaml', scenario());
    expect(await box.zerodrop('run', 's.yaml', '-n', '0')).toMatchObject({ code: 64 });
    expect(await box.zerodrop('run', 's.yaml', '--seed', 'x')).toMatchObject({ code: 64 });
    expect(await box.zerodrop('run', 's.yaml', '--threshold', 'lots=1')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('lost') as string,
    });
  });
});

describe('the program', () => {
  it('tells its version, its help and a completion script', async () => {
    expect((await box.zerodrop('--version')).stdout.trim()).toBe(VERSION);
    const help = (await box.zerodrop('run', '--help')).stdout;
    for (const word of [
      '--strategy',
      '--restarts',
      '--seed',
      '--threshold',
      '--out-dir',
      '--json',
      '--html',
      '--expect',
      '--quiet',
      '--no-color',
      'Examples',
    ]) {
      expect(help).toContain(word);
    }
    expect((await box.zerodrop('completion')).stdout).toContain('zerodrop');
  });
});
