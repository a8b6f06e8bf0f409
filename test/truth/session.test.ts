/** Sessions with real targets: controls, samples, leftovers, and an end at the first drop. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioOf } from '../../src/run/load.ts';
import type { ScenarioSource } from '../../src/model/scenario.ts';
import { run, type RunOptions } from '../../src/run/run.ts';
import type { FinishedRun } from '../../src/run/saved.ts';

let outDir = '';
beforeEach(() => {
  outDir = mkdtempSync(join(tmpdir(), 'zerodrop-session-'));
});
afterEach(() => rmSync(outDir, { recursive: true, force: true }));

/** A server in one line; `extra` is run in it. */
const server = (extra = ''): string[] => [
  'node',
  '-e',
  `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1'); ${extra}`,
];

function ran(more: Partial<ScenarioSource>, options: RunOptions = {}): Promise<FinishedRun> {
  const source: ScenarioSource = {
    name: 'session',
    target: { command: server() },
    restart: { strategy: 'stop-start', count: 2, quiet: '200ms' },
    traffic: {
      arrivals: { fresh: { rate: '100/s' }, keepalive: { rate: '100/s', connection: 'reused', connections: 4 } },
    },
    ...more,
  };
  return run(scenarioOf(source), { outDir, ...options });
}

const codesOf = ({ result }: FinishedRun): string[] => result.findings.map(({ code }) => code);

describe('a session', () => {
  it('keeps a service that its target needs through every restart', async () => {
    const store =
      "let count = 0; require('http').createServer((q, r) => " +
      "r.end(String(++count))).listen(process.env.STORE_PORT, '127.0.0.1')";
    const asks =
      "require('http').createServer((q, r) => fetch('http://127.0.0.1:' + process.env.STORE_PORT).then((s) => " +
      "s.text()).then((count) => r.end(count))).listen(process.env.PORT, '127.0.0.1')";
    const { result } = await ran({
      services: { store: { command: ['node', '-e', store] } },
      target: { command: ['node', '-e', asks] },
      restart: { strategy: 'kill-start', count: 2, quiet: '300ms' },
      traffic: { arrivals: { fresh: { rate: '50/s' } }, sentinels: { session: 1 } },
      controls: { positive: false, negative: 0 },
    });
    expect(result.arms[0]?.sentinels.session).toMatchObject({ due: 2, failed: 0 });
    expect(result.arms[0]?.restarts.map(({ proven }) => proven)).toEqual([true, true]);
    expect(result.findings.map(({ code }) => code)).toEqual(['requests-lost']);
  });

  it('ends, and concludes nothing, when a service dies', async () => {
    const dies =
      "require('net').createServer().listen(process.env.STORE_PORT, '127.0.0.1'); setTimeout(() => " +
      'process.exit(1), 1500)';
    const finished = await ran({
      services: { store: { command: ['node', '-e', dies] } },
      restart: { strategy: [{ sleep: '10ms' }], count: 100, quiet: '200ms' },
      controls: { positive: false, negative: 0 },
    });
    expect(finished.result.verdict).toBe('inconclusive');
    expect(finished.result.findings.find(({ code }) => code === 'service-died')?.message).toBe(
      'The service store ended with exit code 1.',
    );
  });

  it('shares a scratch folder with its build, which is gone afterwards', async () => {
    const where = join(outDir, 'where');
    const { result } = await ran({
      target: {
        command: server(`require('fs').readFileSync(process.env.SCRATCH + '/built')`),
        build: { shell: `touch "$SCRATCH/built"; echo "$SCRATCH" > ${where}` },
      },
      controls: { positive: false, negative: 0 },
    });
    expect(result.arms[0]?.restarts.every(({ proven }) => proven)).toBe(true);
    expect(existsSync(readFileSync(where, 'utf8').trim())).toBe(false);
  });

  it('is preceded by a positive control, and has sham restarts before the first real one', async () => {
    const { result, recording } = await ran({
      traffic: { arrivals: { fresh: { rate: '100/s' } }, sentinels: { idle: 3 } },
    });
    const [arm] = result.arms;
    expect(arm?.controls.positive?.expected).toBeGreaterThan(10);
    expect(arm?.controls.positive?.counted).toBe(arm?.controls.positive?.expected);
    expect(arm?.controls.negative).toEqual({ windows: 2, lost: 0, raced: 0, rejected: 0, failed: 0 });
    expect(arm?.restarts).toHaveLength(2);
    expect(arm?.sentinels.idle?.due).toBe(6);
    const [session] = recording.sessions;
    expect(session?.sentinels).toHaveLength(12);
    expect(
      session?.shams.every(({ moments }) => (moments.settled ?? Infinity) < (session.restarts[0]?.moments.began ?? 0)),
    ).toBe(true);
    expect(session?.samples.map(({ restart }) => restart)).toEqual([undefined, 0, 1]);
    expect(
      session?.samples.every(
        ({ fds, rssBytes, threads, processes }) => fds > 3 && rssBytes > 1e6 && threads > 0 && processes === 1,
      ),
    ).toBe(true);
  });

  it('does without controls when asked', async () => {
    const { result } = await ran({ controls: { positive: false, negative: 0 } });
    expect(result.arms[0]?.controls).toEqual({ positive: null, negative: null });
  });

  it('that never began, because the user ended the run before, is judged as such', async () => {
    const finished = await ran({}, { signal: AbortSignal.abort() });
    expect(finished.result).toMatchObject({ verdict: 'inconclusive', interrupted: true });
    expect(codesOf(finished)).toEqual(['interrupted']);
  });

  it('ends at the first drop when asked, and fails', async () => {
    const finished = await ran(
      { restart: { strategy: 'stop-start', count: 30, quiet: '200ms' }, controls: { positive: false, negative: 0 } },
      { bail: true },
    );
    expect(finished.result.verdict).toBe('fail');
    expect(codesOf(finished)).toEqual(expect.arrayContaining(['requests-lost', 'too-few-restarts']));
    expect(finished.result.arms[0]?.restarts.length).toBeLessThan(30);
    expect(finished.result.findings.find(({ code }) => code === 'too-few-restarts')?.message).toContain('--bail');
  });

  it('notices descriptors that are left open at each restart', async () => {
    const opens = `process.on('SIGUSR2', () => { for (let n = 0; n < 5; n++) require('fs').openSync('/dev/null'); })`;
    const finished = await ran({
      target: { command: server(opens) },
      restart: { strategy: [{ signal: 'SIGUSR2' }, { sleep: '20ms' }], count: 6, quiet: '100ms' },
      traffic: { arrivals: { fresh: { rate: '20/s' } } },
      controls: { positive: false, negative: 0 },
    });
    expect(codesOf(finished)).toContain('descriptors-grow');
    expect(finished.result.arms[0]?.hygiene.fdGrowthPerRestart).toBeCloseTo(5, 0);
  });

  it('counts processes that each restart leaves behind', async () => {
    const leaves = `require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref()`;
    const finished = await ran({
      target: { command: server(leaves) },
      restart: { strategy: 'stop-start', count: 3, quiet: '100ms' },
      controls: { positive: false, negative: 0 },
    });
    expect(codesOf(finished)).toContain('leftover-process');
    expect(finished.result.arms[0]?.hygiene.leftoverProcesses).toBeGreaterThanOrEqual(2);
  });
});

describe('arms that are compared', () => {
  const quick: Partial<ScenarioSource> = {
    restart: { strategy: 'stop-start', count: 3, quiet: '100ms' },
    controls: { positive: false, negative: 1 },
    arms: { one: {}, two: { restart: { count: 2 } } },
  };

  it('take turns, with one numbering and one negative control an arm', async () => {
    const { result, recording } = await ran(quick, { seed: 3 });
    const order = recording.sessions.map(({ arm }) => arm);
    expect([order.slice(0, 2).toSorted(), order.slice(2).toSorted()]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    expect(result.arms.map(({ restarts }) => restarts.map(({ index }) => index))).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
    expect(
      result.arms.every(({ restarts }) =>
        restarts.every(
          (restart, n) => restart.completed && restart.signalledAtMs > (restarts[n - 1]?.settledAtMs ?? 0),
        ),
      ),
    ).toBe(true);
    expect(recording.sessions.map(({ shams }) => shams.length)).toEqual([1, 1, 0, 0]);
    expect(result.arms.map(({ controls }) => controls.negative?.windows)).toEqual([1, 1]);
    expect(result.findings.map(({ code }) => code)).not.toContain('too-few-restarts');
  });

  it('are ended by --bail one by one', async () => {
    const finished = await ran(
      {
        ...quick,
        arms: { drops: { restart: { count: 20 } }, keeps: { restart: { strategy: [{ sleep: '10ms' }], count: 2 } } },
      },
      { bail: true },
    );
    const [drops, keeps] = finished.result.arms;
    expect(drops?.restarts.length).toBeLessThan(20);
    expect(keeps?.restarts).toHaveLength(2);
    expect(finished.recording.sessions.filter(({ bailedAfter }) => bailedAfter !== null).map(({ arm }) => arm)).toEqual(
      ['drops'],
    );
    expect(finished.recording.sessions.at(-1)?.arm).toBe('keeps');
  });
});
