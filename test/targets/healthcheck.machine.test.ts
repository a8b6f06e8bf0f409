import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { probe } from '../../src/targets/healthcheck.ts';

const TIMEOUT_MS = 200;

/** A server that answers after this time, in a process of its own, since ours is to be busy. */
async function answeringAfter(ms: number): Promise<string> {
  const child = spawn(process.execPath, [
    '-e',
    `require('http').createServer((q, r) => setTimeout(() => r.end('ok'), ${ms})).listen(0, '127.0.0.1', ` +
      'function () { console.log(this.address().port) })',
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${String(port).trim()}`;
}

function busy(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

it('is not failed by our own lateness', async () => {
  const origin = await answeringAfter(50);
  // Busy when the answer comes and the time is over, and busy before anything has been sent.
  for (const beforeMs of [20, 0]) {
    const probing = probe({ origin, path: '/', timeoutMs: TIMEOUT_MS });
    if (beforeMs > 0) await delay(beforeMs);
    busy(2 * TIMEOUT_MS);
    expect(await probing).toEqual({ healthy: true });
  }
});

it('is failed by a server that says nothing, however late we are', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const probing = probe({
    origin: `http://127.0.0.1:${(silent.address() as { port: number }).port}`,
    path: '/',
    timeoutMs: TIMEOUT_MS,
  });
  busy(2 * TIMEOUT_MS);
  expect(await probing).toMatchObject({ healthy: false });
});

it('asks with method, headers and body, and holds the answer against what is expected', async () => {
  const server = createHttpServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const asked = `${request.method} ${request.headers.authorization} ${Buffer.concat(parts).toString()}`;
      response.writeHead(201, { 'content-encoding': 'gzip' });
      response.end(gzipSync(asked));
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const ask = {
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    path: '/',
    method: 'POST',
    headers: { authorization: 'Bearer t0ken' },
    body: '{"n": 7}',
    timeoutMs: 5000,
  };
  expect(await probe(ask)).toEqual({ healthy: true });
  const expected = { status: 201, body: 'POST Bearer t0ken {"n": 7}' };
  expect(await probe({ ...ask, expect: expected })).toEqual({ healthy: true });
  expect(await probe({ ...ask, expect: { status: [200, 204] } })).toEqual({ healthy: false, problem: 'status 201' });
  expect(await probe({ ...ask, expect: { body_includes: 'ready' } })).toEqual({
    healthy: false,
    problem: 'the body does not contain "ready"',
  });
});
