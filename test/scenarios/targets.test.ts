/** The example targets, each held to what its own comment says. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../needs.ts';
import { connect, endAll, get, plainRequest, request, startProgram, startTarget, until } from './client.ts';

afterEach(endAll);

const pidIn = (instance: string): number => Number(instance.split('-')[0]);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the application', () => {
  it('answers on every route', async () => {
    const { port, child } = await startTarget('server.mjs');
    expect(await get(port, '/')).toMatchObject({
      status: 200,
      body: 'hello\n',
      instance: expect.stringMatching(`^${child.pid}-\\d+$`),
    });
    expect(await get(port, '/nothing')).toMatchObject({ status: 404 });
    expect(await get(port, '/slow?ms=5')).toMatchObject({ status: 200, body: 'slow hello\n' });
    const download = await get(port, '/download?bytes=1003&ms=40');
    expect(download.body).toHaveLength(1003);
    expect(download.body.slice(0, 30)).toBe('abcdefghijklmnopqrstuvwxyzabcd');
    const body = Buffer.alloc(100_000, 'x');
    expect((await request(port, '/upload', { method: 'POST' }, body)).body).toBe(
      `100000 ${createHash('sha256').update(body).digest('hex')}\n`,
    );
  });

  it('counts the visits of a session', async () => {
    const { port } = await startTarget('server.mjs');
    const first = await get(port, '/count');
    const cookie = (first.headers['set-cookie']?.[0] ?? '').split(';')[0] as string;
    expect([
      first.body,
      (await get(port, '/count', { headers: { cookie } })).body,
      (await get(port, '/count')).body,
    ]).toEqual(['1\n', '2\n', '1\n']);
  });
});

describe('a good drain', () => {
  it('answers what is under way and what still comes, and says so that the connection ends', async () => {
    const { port, child, ended } = await startTarget('server.mjs');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    await get(port, '/', { agent });
    const slow = get(port, '/slow?ms=300');
    const parked = await connect(port);
    await get(port, '/healthz');
    child.kill('SIGTERM');
    await until(
      async () => (await get(port, '/', { agent: new http.Agent({ keepAlive: true }) })).headers.connection === 'close',
    );
    expect((await get(port, '/', { agent })).headers.connection).toBe('close');
    parked.socket.write(plainRequest('/'));
    await parked.closed;
    expect(parked.received()).toContain('Connection: close');
    expect(parked.received()).toContain('hello\n');
    expect((await slow).body).toBe('slow hello\n');
    expect(await ended).toBe(0);
    agent.destroy();
  });

  it('closes silent connections cleanly, kept-alive ones before those that never spoke', async () => {
    const { port, child, ended } = await startTarget('server.mjs', { DRAIN_MS: '200' });
    const order: string[] = [];
    const parked = await connect(port);
    const idle = await connect(port);
    idle.socket.write(plainRequest('/'));
    await until(() => idle.received().includes('hello\n'));
    child.kill('SIGTERM');
    await Promise.all([
      parked.closed.then((how) => order.push(`parked ${how}`)),
      idle.closed.then((how) => order.push(`idle ${how}`)),
    ]);
    expect(order).toEqual(['idle clean', 'parked clean']);
    expect(await ended).toBe(0);
  });

  it('answers all requests that were written in one go, before and in the drain', async () => {
    const { port, child, ended } = await startTarget('server.mjs');
    const [early, late] = [await connect(port), await connect(port)];
    early.socket.write(plainRequest('/slow?ms=300') + plainRequest('/slow?ms=300'));
    await get(port, '/');
    child.kill('SIGTERM');
    await until(
      async () => (await get(port, '/', { agent: new http.Agent({ keepAlive: true }) })).headers.connection === 'close',
    );
    late.socket.write(plainRequest('/slow?ms=50') + plainRequest('/'));
    expect(await Promise.all([early.closed, late.closed])).toEqual(['clean', 'clean']);
    for (const { received } of [early, late]) {
      expect(received()).toMatch(/slow hello\n[^]*hello\n$/);
      expect(received().match(/connection: close/gi)).toHaveLength(1);
    }
    expect(await ended).toBe(0);
  });

  it('ends event streams with their last chunk', async () => {
    const { port, child } = await startTarget('server.mjs', { DRAIN_MS: '50' });
    const stream = get(port, '/events');
    setTimeout(() => child.kill('SIGTERM'), 250);
    expect((await stream).body).toContain('data: ');
  });

  it('gives up on a connection that never ends, and tells by its exit code', async () => {
    const { port, child, ended } = await startTarget('server.mjs', { DRAIN_MS: '50', LIMIT_MS: '300' });
    const slow = get(port, '/slow?ms=20000').catch((error: unknown) => error);
    await get(port, '/');
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(await slow).toBeInstanceOf(Error);
  });
});

describe('worse ways to end', () => {
  it('hasty cuts what is under way', async () => {
    const { port, child, ended } = await startTarget('server.mjs', { DRAIN: 'hasty' });
    const slow = get(port, '/slow?ms=20000').catch((error: unknown) => error);
    await get(port, '/');
    child.kill('SIGTERM');
    expect(await slow).toBeInstanceOf(Error);
    expect(await ended).toBe(0);
  });

  it('absent dies by the signal', async () => {
    const { child, ended } = await startTarget('server.mjs', { DRAIN: 'absent' });
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
  });
});

describe('an inherited socket', () => {
  it('is left alone when it was meant for another process', async () => {
    const { port } = await startTarget('server.mjs', { LISTEN_FDS: '1', LISTEN_PID: '1' });
    expect((await get(port, '/')).status).toBe(200);
  });
});

describe('a handoff', () => {
  it('leaves only when the successor serves, and can be done again', async () => {
    const { port, child, ended } = await startTarget('handoff.mjs', { DRAIN_MS: '100' });
    const first = (await get(port, '/')).instance;
    const slow = get(port, '/slow?ms=600');
    await get(port, '/');
    child.kill('SIGUSR2');
    await until(async () => (await get(port, '/')).instance !== first);
    expect(await slow).toMatchObject({ body: 'slow hello\n', instance: first });
    expect(await ended).toBe(0);
    const second = (await get(port, '/')).instance;
    process.kill(pidIn(second), 'SIGUSR2');
    await until(async () => (await get(port, '/')).instance !== second);
    const third = pidIn((await get(port, '/')).instance);
    process.kill(third, 'SIGTERM');
    await until(() => !isRunning(third) && !isRunning(pidIn(second)));
  });

  it('stays when the successor does not come up', async () => {
    const { port, child, output } = await startTarget('handoff.mjs', { READY_WITHIN_MS: '1' });
    const { instance } = await get(port, '/');
    child.kill('SIGUSR2');
    await until(() => output().includes(`process ${child.pid} stays`));
    for (let count = 0; count < 10; count += 1) expect((await get(port, '/')).instance).toBe(instance);
  });
});

describe('a cluster', () => {
  const instancesOf = async (port: number): Promise<Set<string>> => {
    const instances = new Set<string>();
    for (let count = 0; count < 12; count += 1) instances.add((await get(port, '/')).instance);
    return instances;
  };

  it('replaces every worker, never the primary, and answers what is under way', async () => {
    const { port, child, ended } = await startTarget('cluster.mjs', { DRAIN_MS: '100' });
    await until(async () => (await instancesOf(port)).size === 2);
    const old = await instancesOf(port);
    const slow = Promise.all([1, 2, 3, 4].map(() => get(port, '/slow?ms=600')));
    child.kill('SIGHUP');
    await until(() => [...old].every((instance) => !isRunning(pidIn(instance))));
    for (const { body } of await slow) expect(body).toBe('slow hello\n');
    const fresh = await instancesOf(port);
    expect([...fresh].filter((instance) => old.has(instance))).toEqual([]);
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await until(() => [...fresh].every((instance) => !isRunning(pidIn(instance))));
  });

  it('replaces a worker that dies by itself', async () => {
    const { port } = await startTarget('cluster.mjs', { WORKERS: '1' });
    const first = (await get(port, '/')).instance;
    process.kill(pidIn(first), 'SIGKILL');
    // A connection that the primary had just handed to the dead worker hangs for ever: the client must give it up.
    const answer = async (): Promise<string> => (await get(port, '/', { signal: AbortSignal.timeout(500) })).instance;
    await until(async () => (await answer().catch(() => first)) !== first);
  });
});

describe.runIf(needs('go'))('a drain in Go', () => {
  it.each(['.', './shutdown'])(
    'announces the end in an answer whose request was there before it: %s',
    async (program) => {
      const folder = mkdtempSync(join(tmpdir(), 'zerodrop-test-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      execFileSync('go', ['build', '-o', join(folder, 'server'), program], {
        cwd: fileURLToPath(new URL('../../scenarios/targets/go/', import.meta.url)),
      });
      const { port, child, ended } = await startProgram([join(folder, 'server')], { DRAIN_MS: '1000' });
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      expect((await get(port, '/', { agent })).headers.connection).not.toBe('close');
      const slow = get(port, '/slow?ms=400', { agent });
      await get(port, '/');
      child.kill('SIGTERM');
      expect(await slow).toMatchObject({
        status: 200,
        headers: { connection: 'close', 'content-length': expect.any(String) as string },
      });
      expect(await ended).toBe(0);
      agent.destroy();
    },
  );
});
