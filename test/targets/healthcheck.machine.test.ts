import { createServer } from 'node:net';
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
