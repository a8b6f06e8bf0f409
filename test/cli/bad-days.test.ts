/** Bad input and bad days: each ends with a clear word, the right exit code, and nothing left behind. */
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOG_SCHEMA } from '../../src/model/event.ts';
import type { Result } from '../../src/model/result.ts';
import { sandbox, type Ended, type Sandbox } from './zerodrop.ts';

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  const left = await box.leftovers();
  box.remove();
  expect(left).toEqual([]);
});

/** A server in one line; `extra` is run in it. */
const server = (extra = ''): string[] => [
  'node',
  '-e',
  `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1'); ${extra}`,
];
const scenario = (overrides: { target?: object; restart?: object; traffic?: object } = {}): object => ({
  name: 'bad-day',
  target: { command: server(), ...overrides.target },
  restart: { strategy: 'stop-start', count: 2, quiet: '200ms', ...overrides.restart },
  traffic: { arrivals: { fresh: { rate: '50/s' } }, ...overrides.traffic },
});
const resultIn = (path: string): Result => JSON.parse(readFileSync(path, 'utf8')) as Result;
const codesOf = (result: Result): string[] => result.findings.map((finding) => finding.code);

let squatter: Server | undefined;
/** Listens on this port. Rejects when it is taken. */
async function listening(port: number): Promise<AddressInfo> {
  squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
  return squatter.address() as AddressInfo;
}

const isAnswering = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}`).then(
    (answer) => answer.ok,
    () => false,
  );

async function run(content: object | string, ...more: string[]): Promise<Ended> {
  return box.zerodrop('run', box.file('s.yaml', content), '--json', 'result.json', ...more);
}

describe('bad input', () => {
  it('names the nearest field, the wrong type and the place of both at once', async () => {
    const { code, stderr } = await run(
      [
        'name: x',
        'target:',
        '  comand: node server.js',
        '  stop_signal: SIGFOO',
        'restart:',
        '  strategy: stop-strat',
        '  count: many',
      ].join('\n'),
    );
    expect(code).toBe(64);
    expect(stderr).toContain('command');
    expect(stderr).toMatch(/comand.*line 3|line 3.*comand/i);
    expect(stderr).toContain('stop-start');
    expect(stderr).toContain('SIGFOO');
    expect(stderr).toMatch(/count.*line 7|line 7.*count/i);
  });

  it('tells the line of a YAML syntax error', async () => {
    const { code, stderr } = await run('name: x\ntarget: {command: [node\nrestart: y\n');
    expect(code).toBe(64);
    expect(stderr).toMatch(/line [234]/i);
  });

  it('names a missing file', async () => {
    const { code, stderr } = await box.zerodrop('run', 'nowhere.yaml');
    expect(code).toBe(64);
    expect(stderr).toContain('nowhere.yaml');
  });

  it('explains an unknown option, an unknown command and a missing one', async () => {
    expect(await box.zerodrop('run', 'x.yaml', '--restartz', '3')).toMatchObject({ code: 64 });
    expect(await box.zerodrop('runn')).toMatchObject({ code: 64 });
    expect(await box.zerodrop()).toMatchObject({ code: 64 });
    expect((await box.zerodrop('--help')).code).toBe(0);
  });

  it('refuses a result from another schema version', async () => {
    await run(scenario({ restart: { count: 1 } }));
    const folder = join(box.folder, 'reports/bad-day', readdirSync(join(box.folder, 'reports/bad-day'))[0] as string);
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const log = join(folder, 'events.ndjson.gz');
    writeFileSync(log, gzipSync(gunzipSync(readFileSync(log)).toString().replace(LOG_SCHEMA, 'zerodrop/log/1')));
    const { code, stderr } = await box.zerodrop('judge', folder);
    expect(code).toBe(64);
    expect(stderr).toContain(`the format "zerodrop/log/1", this version reads ${LOG_SCHEMA}`);
  });
});

describe('a target that does not come up', () => {
  it('has no such command', async () => {
    const { code, stderr } = await run(scenario({ target: { command: 'no-such-program-anywhere --serve' } }));
    expect(code).toBe(64);
    expect(stderr).toContain('no-such-program-anywhere');
  });

  it('dies at start: its last words are shown', async () => {
    const { code, stderr } = await run(
      scenario({ target: { command: ['node', '-e', 'console.error("cannot open the database"); process.exit(3)'] } }),
    );
    expect(code).toBe(69);
    expect(stderr).toContain('cannot open the database');
    expect(stderr).toContain('3');
  });

  it('never becomes healthy', async () => {
    const unhealthy =
      "require('http').createServer((q, r) => { r.statusCode = 503; r.end('not yet') }).listen(process.env.PORT, " +
      "'127.0.0.1')";
    const { code, stderr } = await run(
      scenario({ target: { command: ['node', '-e', unhealthy], healthcheck: { start_period: '1s' } } }),
    );
    expect(code).toBe(69);
    expect(stderr).toContain('503');
  });

  it('is to listen on a port that is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as AddressInfo;
    const { code, stderr } = await run(scenario({ target: { url: `http://127.0.0.1:${port}` } }));
    await new Promise((resolve) => squatter.close(resolve));
    expect(code).toBe(64);
    expect(stderr).toContain(String(port));
  });
});

describe('a target that misbehaves during the run', () => {
  it('does not come up again for a later turn: a finding of its arm with its output; other arms go on', async () => {
    // Each turn starts it twice: at its beginning, and in its restart.
    const worn =
      "const fs = require('fs'); fs.appendFileSync(process.env.STARTS, 'x'); if " +
      "(fs.statSync(process.env.STARTS).size > 2) { console.error('the licence is used up'); process.exit(3) } ";
    const arms = {
      well: {},
      worn: {
        target: { command: ['node', '-e', `${worn}${server()[2]}`], environment: { STARTS: '${SCRATCH}/starts' } },
      },
    };
    const { code } = await run({ ...scenario(), arms }, '--no-controls');
    expect(code).toBe(1);
    const { arms: judged, findings } = resultIn(join(box.folder, 'result.json'));
    expect(judged.map(({ name, restarts }) => [name, restarts.length])).toEqual([
      ['well', 2],
      ['worn', 1],
    ]);
    const [finding] = findings.filter((one) => one.code === 'target-not-healthy');
    expect(finding).toMatchObject({
      severity: 'fail',
      arm: 'worn',
      message:
        'The target ended with exit code 3 before it was healthy, though it had come up before; it wrote: the ' +
        'licence is used up.',
    });
  });

  it('finds its port taken in a later turn: a finding of its arm, and nothing that was measured is lost', async () => {
    const { port } = await listening(0);
    await new Promise((resolve) => squatter?.close(resolve));
    const inherits = `require('http').createServer((q, r) => r.end('ok')).listen({ fd: 3 })`;
    const arms = {
      well: {},
      robbed: {
        target: { url: `http://127.0.0.1:${port}`, command: ['node', '-e', inherits] },
        restart: { strategy: 'socket-activation', count: 5 },
      },
    };
    const running = box.start(
      'run',
      box.file('s.yaml', { ...scenario(), arms }),
      '--json',
      'result.json',
      '--no-controls',
    );
    while (!(await isAnswering(port))) await delay(20);
    // It is free when the turn is over, and not a moment earlier.
    for (;;) {
      if (
        await listening(port).then(
          () => true,
          () => delay(5, false),
        )
      ) {
        break;
      }
    }
    const { code } = await running.ended;
    await new Promise((resolve) => squatter?.close(resolve));
    expect(code).toBe(1);
    const { arms: judged, findings } = resultIn(join(box.folder, 'result.json'));
    expect(judged[1]?.restarts.length).toBeGreaterThan(0);
    expect(judged[1]?.requests.answered).toBeGreaterThan(0);
    expect(judged[0]?.restarts.length).toBe(2);
    expect(findings.filter((one) => one.code === 'target-not-started')).toMatchObject([
      { severity: 'inconclusive', arm: 'robbed', message: expect.stringContaining(String(port)) },
    ]);
  });

  it('dies between restarts: a finding, and the run ends', async () => {
    const { code } = await run(
      scenario({ target: { command: server('setTimeout(() => process.exit(9), 1500)') }, restart: { quiet: '4s' } }),
    );
    expect(code).toBe(1);
    expect(codesOf(resultIn(join(box.folder, 'result.json')))).toContain('target-died');
  });

  it('ignores SIGTERM: it is killed after the grace period, a finding', async () => {
    const { code } = await run(
      scenario({ target: { command: server(`process.on('SIGTERM', () => {})`), stop_grace_period: '300ms' } }),
    );
    expect(code).toBe(1);
    const result = resultIn(join(box.folder, 'result.json'));
    expect(codesOf(result)).toContain('forced-kill');
    expect(result.arms[0]?.hygiene.forcedKills).toBe(2);
  });
});

describe('a harness that cannot keep its schedule', () => {
  it('says so, and calls nobody guilty', async () => {
    const handoff = fileURLToPath(new URL('../../scenarios/targets/node/handoff.mjs', import.meta.url));
    const content = scenario({
      target: { command: ['node', handoff] },
      restart: { strategy: 'signal-handoff', count: 3, quiet: '800ms' },
    });
    const running = box.start('run', box.file('s.yaml', content), '--json', 'result.json', '--no-controls');
    await running.restarted();
    const agent = box.processes().find((line) => line.includes('traffic/agent/main'));
    const pid = Number.parseInt(agent as string, 10);
    process.kill(pid, 'SIGSTOP');
    await delay(1500);
    process.kill(pid, 'SIGCONT');
    expect((await running.ended).code).toBe(2);
    const result = resultIn(join(box.folder, 'result.json'));
    expect(codesOf(result)).toContain('harness-late');
    expect(result.arms[0]?.requests).toMatchObject({ lost: 0, raced: 0 });
    expect(result.harness.unsent).toBeGreaterThan(0);
  });
});

describe('Ctrl-C', () => {
  it('once: the report of what was seen, and 130', async () => {
    const running = box.start(
      'run',
      box.file('s.yaml', scenario({ restart: { count: 200 } })),
      '--json',
      'result.json',
    );
    await running.restarted();
    running.child.kill('SIGINT');
    const { code } = await running.ended;
    expect(code).toBe(130);
    const result = resultIn(join(box.folder, 'result.json'));
    expect(result.interrupted).toBe(true);
    expect(result.arms[0]?.restarts.length).toBeGreaterThan(0);
  });

  it('twice: out at once', async () => {
    const running = box.start(
      'run',
      box.file(
        's.yaml',
        scenario({
          target: { command: server(`process.on('SIGTERM', () => {})`), stop_grace_period: '500ms' },
          restart: { count: 200 },
        }),
      ),
    );
    await running.restarted();
    running.child.kill('SIGINT');
    await running.printed('Stopping');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });

  it('and even SIGKILL leaves nothing behind', async () => {
    const running = box.start('run', box.file('s.yaml', scenario({ restart: { count: 200 } })));
    await running.restarted();
    running.child.kill('SIGKILL');
    await running.ended;
  });
});

describe('a report folder that cannot be written', () => {
  it('is noticed before anything is started', async () => {
    box.file('reports', 'a file in the way');
    const { code, stderr } = await run(scenario());
    expect(code).toBe(64);
    expect(stderr).toContain('reports');
    expect(stderr).toContain('--out-dir');
  });

  it.runIf(existsSync('/proc/self'))(
    'even where the system says that a folder is missing in one that is there',
    async () => {
      const file = box.file('s.yaml', scenario());
      expect(await box.zerodrop('run', file, '--out-dir', '/proc/nowhere')).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('/proc/nowhere/') as string,
      });
    },
  );

  it('and so is a disk that fills up during the run', async () => {
    // A limit on the size of files, without the signal that goes with it, is a full disk for everyone who may not mount
    // one.
    const full = sandbox(['sh', '-c', 'trap "" XFSZ; ulimit -f 8; exec "$@"', 'sh']);
    const { code, stderr } = await full.zerodrop(
      'run',
      full.file('s.yaml', scenario({ restart: { count: 200 }, traffic: { arrivals: { fresh: { rate: '500/s' } } } })),
    );
    const left = await full.leftovers();
    full.remove();
    expect(left).toEqual([]);
    expect(code).toBe(64);
    expect(stderr).toContain('events.ndjson.gz');
  });

  it('leaves nothing of a run that never began', async () => {
    await run(scenario({ target: { command: 'no-such-program-anywhere' } }));
    expect(existsSync(join(box.folder, 'result.json'))).toBe(false);
    const runs = join(box.folder, 'reports/bad-day');
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
  });
});
