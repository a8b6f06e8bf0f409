import { gzipSync } from 'node:zlib';
import { createServer as createHttp1 } from 'node:http';
import { createSecureServer, createServer as createHttp2, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../../src/processes/certificate.ts';
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
  const server = createHttp1((request, response) => {
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

async function listening(server: Http2Server | ReturnType<typeof createHttp1>): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const certified = selfSigned();

describe.each([
  ['in clear', 'http', createHttp2],
  ['through TLS', 'https', () => createSecureServer(certified)],
] as const)('in HTTP/2, %s', (_, scheme, open) => {
  it('finds health, identity and what is wrong', async () => {
    const server = open();
    server.on('stream', (stream: ServerHttp2Stream, { ':path': path, authorization }) => {
      stream.on('error', () => undefined);
      if (path === '/broken') return stream.close(2);
      stream.on('data', (part: Buffer) => {
        stream.respond({ ':status': path === '/' ? 500 : 200, 'x-instance': 'one' });
        stream.end(path === '/else' ? 'hello' : `${authorization} ${part.toString()}`);
      });
    });
    const origin = `${scheme}://127.0.0.1:${await listening(server)}`;
    const ports: number[] = [];
    const ask = (path: string) =>
      probe({
        origin,
        path,
        timeoutMs: 5000,
        method: 'POST',
        headers: { Authorization: 'Bearer t0ken' },
        body: '{}',
        expect: { body_includes: 'Bearer t0ken {}' },
        identityHeader: 'X-Instance',
        isHttp2: true,
        tls: { ca: certified.cert },
        connected: (port) => Promise.resolve(void ports.push(port)),
      });
    expect(await ask('/healthz?a=1')).toEqual({ healthy: true, identity: 'one' });
    expect(await ask('/')).toEqual({ healthy: false, identity: 'one', problem: 'status 500' });
    expect(await ask('/else')).toMatchObject({ healthy: false, problem: expect.stringContaining('contain') as string });
    expect(await ask('/broken')).toMatchObject({ healthy: false });
    expect(new Set(ports).size).toBe(4);
  });
});

it('says that the target speaks another protocol, and what to write', async () => {
  const one = createHttp1((_request, answer) => answer.end('ok'));
  const two = createHttp2();
  const asked = async (server: typeof one | typeof two, isHttp2: boolean) =>
    probe({ origin: `http://127.0.0.1:${await listening(server)}`, path: '/', timeoutMs: 5000, isHttp2 });
  expect(await asked(one, true)).toMatchObject({
    healthy: false,
    advice: expect.stringContaining('prior knowledge') as string,
  });
  expect(await asked(two, false)).toMatchObject({
    healthy: false,
    advice: expect.stringContaining('traffic.client.kind: http2') as string,
  });
  expect(await probe({ origin: 'http://127.0.0.1:1', path: '/', timeoutMs: 5000, isHttp2: true })).toEqual({
    healthy: false,
    problem: 'ECONNREFUSED',
  });
});
