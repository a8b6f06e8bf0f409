/**
 * zerodrop harms nobody: whatever happens to it, its own processes are gone, and those of others run on.
 *
 * Rule: everything here is seen from outside, by pid and port, as somebody else on the machine would.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { sandbox, type Sandbox } from './zerodrop.ts';

const TARGETS = fileURLToPath(new URL('../../scenarios/targets/node', import.meta.url));
const strangers: ChildProcess[] = [];
let box: Sandbox;

beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  expect(await box.leftovers()).toEqual([]);
  for (const stranger of strangers.splice(0)) {
    stranger.kill('SIGKILL');
    if (stranger.exitCode === null && stranger.signalCode === null) await once(stranger, 'exit');
  }
  box.remove();
});

/** A process that has nothing to do with zerodrop; resolves when it has printed something. */
async function stranger(program: string, env: Record<string, string> = {}): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  strangers.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

/** The state letter of a process, such as S or T; undefined when it is gone. */
function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '')[0];
  } catch {
    return undefined;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('it did not come to pass');
    await delay(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const scenario = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'harm',
  target: { working_dir: TARGETS, command: 'node server.mjs', healthcheck: { path: '/healthz' } },
  restart: { strategy: 'stop-start', count: 200, quiet: '200ms' },
  traffic: { arrivals: { fresh: { rate: '50/s', connection: 'new', path: '/' } } },
  controls: { negative: 0, positive: false },
  ...more,
});

/** A server that answers with its pid, ignores SIGUSR2 unless told otherwise, and prints when it listens. */
const SERVER = `import http from 'node:http';
process.on('SIGUSR2', () => undefined);
http.createServer((_, response) => response.setHeader('x-instance', process.pid).end('ok'))
  .listen(Number(process.env.AT), '127.0.0.1', () => console.log('listening'));`;
const SLEEPER = `console.log('here'); setInterval(() => undefined, 1000);`;

describe('what zerodrop started is gone after SIGKILL', () => {
  it.runIf(needs('redis-server'))('a service that has written over its environment', async () => {
    const services = {
      redis: { command: "redis-server --port ${REDIS_PORT} --bind 127.0.0.1 --save '' --daemonize no" },
    };
    const running = box.start('run', box.file('s.yaml', scenario({ services })));
    await running.restarted();
    const [redis] = redisBelow(running.child.pid as number);
    expect(redis).toBeDefined();
    running.child.kill('SIGKILL');
    await running.ended;
    await until(() => stateOf(redis as number) === undefined);
  });

  it('whatever a build had started', async () => {
    const target = {
      ...(scenario()['target'] as object),
      build: { shell: 'setsid sleep 77 & sleep 78 & echo $! > started; sleep 60' },
      working_dir: box.folder,
    };
    const running = box.start('run', box.file('s.yaml', scenario({ target })));
    await until(() => box.processes().some((line) => line.includes('sleep 60')));
    running.child.kill('SIGKILL');
    await running.ended;
    // The marks are looked for afterwards.
  });
});

describe('what a build left in the background', () => {
  it('ends with the run', async () => {
    const target = { ...(scenario()['target'] as object), build: { shell: 'setsid sleep 77 & sleep 78 & true' } };
    const restart = { strategy: 'stop-start', count: 1, quiet: '200ms' };
    expect((await box.zerodrop('run', box.file('s.yaml', scenario({ target, restart })))).code).toBe(1);
    expect(box.processes()).toEqual([]);
  });
});

describe('a server that was there before', () => {
  it('runs on when zerodrop is killed while it is frozen', async () => {
    const port = await freePort();
    const server = await stranger(SERVER, { AT: String(port) });
    const restart = { strategy: [{ freeze: '4s' }, { signal: 'SIGUSR2' }], count: 1, quiet: '100ms' };
    const target = { url: `http://127.0.0.1:${port}`, identity: { header: 'x-instance' } };
    const running = box.start('run', box.file('s.yaml', scenario({ target, restart })));
    await until(() => stateOf(server.pid) === 'T');
    running.child.kill('SIGKILL');
    await running.ended;
    await until(() => stateOf(server.pid) !== 'T');
    expect(server.exitCode).toBeNull();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('is signalled, and not the process that a stale pid file names', async () => {
    const port = await freePort();
    await stranger(SERVER, { AT: String(port) });
    // Without a handler this signal ends a process.
    const innocent = await stranger(SLEEPER);
    box.file('stale.pid', `${innocent.pid}\n`);
    const target = { url: `http://127.0.0.1:${port}`, pid_file: 'stale.pid', identity: { header: 'x-instance' } };
    const restart = { strategy: 'signal-handoff', count: 1, quiet: '100ms', timeout: '1s' };
    const { stdout } = await box.zerodrop('run', box.file('s.yaml', scenario({ target, restart })));
    expect(stdout).toContain('did not happen');
    expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  });
});

describe('a stranger that takes the port while nobody listens', () => {
  it('is named and left alone', async () => {
    const port = await freePort();
    const target = {
      working_dir: TARGETS,
      command: 'node server.mjs',
      url: `http://127.0.0.1:${port}`,
      environment: { PORT: String(port) },
      healthcheck: { path: '/healthz', start_period: '4s' },
    };
    const restart = { strategy: 'stop-start', count: 1, quiet: '4s', timeout: '5s' };
    const running = box.start('run', box.file('s.yaml', scenario({ target, restart })));
    await until(() => box.processes().some((line) => line.includes('server.mjs')));
    const answers = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await answers())) await delay(20);
    const taker = await stranger(
      `import net from 'node:net';
       let attempts = 0;
       const take = () => net.createServer().on('error', () => { attempts += 1; setImmediate(take); })
         .listen(${port}, '127.0.0.1', () => { process.title = 'taker'; });
       setTimeout(take, 0); console.log('trying');`,
    );
    const { code, stdout } = await running.ended;
    expect(taker.exitCode ?? taker.signalCode).toBeNull();
    expect(stdout).toMatch(new RegExp(`port ${port} is held by process ${taker.pid} \\(.*, user .*\\)`));
    expect(code).toBe(1);
  });
});

/** Redis processes below a process. */
function redisBelow(root: number): number[] {
  const children = (pid: number): number[] => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  const below = (pid: number): number[] => children(pid).flatMap((child) => [child, ...below(child)]);
  return below(root).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('redis'));
}
