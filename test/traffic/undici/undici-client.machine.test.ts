import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createConnection, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Expectation } from '../../../src/model/request.ts';
import { probe } from '../../../src/targets/healthcheck.ts';
import { outcomeOf } from '../../../src/traffic/classify.ts';
import type { Client, ClientOptions, Observation } from '../../../src/traffic/client.ts';
import { openUndiciClient } from '../../../src/traffic/undici/undici-client.ts';
import { answerOf, startRawServer, type RawServer, type Received } from '../raw-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(handle: (received: Received) => void): Promise<RawServer> {
  const server = await startRawServer(handle);
  open.push({ close: () => server.stop() });
  return server;
}

function connect(origin: string, more: Partial<ClientOptions> = {}, expect: Expectation = {}): Client {
  let connections = 0;
  const client = openUndiciClient({
    origin,
    request: { method: 'GET', path: '/', headers: {}, expect },
    connection: 'reused',
    connections: 1,
    mostConnections: 100,
    deadlines: { totalMs: 5000, connectMs: 5000, headMs: 5000, bodyMs: 5000 },
    now: () => performance.now(),
    nextConnection: () => connections++,
    ...more,
  });
  open.push(client);
  return client;
}

const seenBy = (client: Client, fresh = false): Promise<Observation> =>
  new Promise((resolve) => client.send(performance.now(), resolve, fresh));

describe('the undici client', () => {
  it('tells the whole story of an answer on a reused connection', async () => {
    const server = await serve(({ socket }) => socket.write(answerOf('hello', '200 OK', 'x-instance: blue\r\n')));
    const client = connect(server.origin, { identityHeader: 'x-instance' }, { body: 'hello' });
    const first = await seenBy(client);
    const second = await seenBy(client);
    expect(outcomeOf(first, { body: 'hello' })).toEqual({ outcome: 'answered' });
    expect(first).toMatchObject({
      connection: 0,
      uses: 0,
      status: 200,
      complete: true,
      ending: 'open',
      identity: 'blue',
    });
    expect(second).toMatchObject({ connection: 0, uses: 1, complete: true });
    expect(second.connectMs).toBeUndefined();
    expect(first.bytesRead).toBe(second.bytesRead);
    expect(first.bytesWritten).toBe(second.bytesWritten);
    expect(first.bytesRead).toBe(answerOf('hello', '200 OK', 'x-instance: blue\r\n').length);
    const order = [first.sentMs, first.connectMs, first.connectedMs, first.writtenMs, first.firstByteMs, first.endMs];
    expect(order).toEqual([...order].sort((a, b) => Number(a) - Number(b)));
    expect(client.open).toBe(1);
    expect(client.busy).toBe(0);
  });

  it('never lets a request queue behind another, and gives up in time what it opened too much', async () => {
    const held: Received[] = [];
    let allHeld = (): void => undefined;
    const four = new Promise<void>((resolve) => (allHeld = resolve));
    const server = await serve((received) => {
      if (held.push(received) === 4) allHeld();
    });
    const client = connect(server.origin, { connections: 2, mostConnections: 4 });
    const all = [seenBy(client), seenBy(client), seenBy(client), seenBy(client), seenBy(client)];
    const refused = await (all[4] as Promise<Observation>);
    expect(outcomeOf(refused, {}).outcome).toBe('unsent');
    await four;
    for (const { socket } of held) socket.write(answerOf('x'));
    const answers = await Promise.all(all.slice(0, 4));
    expect(new Set(answers.map(({ connection }) => connection)).size).toBe(4);
    expect(client.open).toBe(4);
    await vi.waitFor(() => expect(client.open).toBe(2), 10_000);
  });

  it('uses a connection once when asked for new ones', async () => {
    const server = await serve(({ socket, text }) =>
      socket.end(answerOf(/connection: close/i.test(text) ? 'close' : 'keep')),
    );
    const client = connect(server.origin, { connection: 'new' }, { body: 'close' });
    for (let round = 0; round < 3; round += 1) {
      const seen = await seenBy(client);
      expect(outcomeOf(seen, { body: 'close' })).toEqual({ outcome: 'answered' });
      expect(seen).toMatchObject({ connection: round, uses: 0 });
    }
    expect(server.connections).toBe(3);
    expect(client.open).toBe(0);
  });

  it('opens a new connection for a repeat', async () => {
    const server = await serve(({ socket }) => socket.write(answerOf('x')));
    const client = connect(server.origin, { connections: 4 });
    await seenBy(client);
    expect((await seenBy(client, true)).connection).toBe(1);
  });

  it('sees nobody listening as refused', async () => {
    const server = await serve(() => undefined);
    await server.stop();
    const seen = await seenBy(connect(server.origin));
    expect(seen).toMatchObject({ ending: 'never', errno: 'ECONNREFUSED', complete: false });
    expect(outcomeOf(seen, {}).outcome).toBe('refused');
  });

  const faults: [string, string, (received: Received) => void, Expectation?][] = [
    ['FIN instead of an answer', 'closed', ({ socket }) => socket.end()],
    ['RST instead of an answer', 'reset', ({ socket }) => void socket.resetAndDestroy()],
    ['FIN in the head', 'truncated', ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    [
      'FIN in a body with a length',
      'truncated',
      ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\nhello'),
    ],
    [
      'FIN in a body in chunks',
      'truncated',
      ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    ],
    [
      'FIN in a body without a length',
      'truncated',
      ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello'),
      { body: 'hello world' },
    ],
    ['503', 'rejected', ({ socket }) => socket.write(answerOf('', '503 Service Unavailable'))],
    ['500', 'failed', ({ socket }) => socket.write(answerOf('', '500 Internal Server Error'))],
    ['a wrong body', 'failed', ({ socket }) => socket.write(answerOf('hellO')), { body: 'hello' }],
    ['no HTTP at all', 'failed', ({ socket }) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
    [
      'a 100 that nobody asked for',
      'failed',
      ({ socket }) => socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'),
    ],
  ];
  it.each(faults)('sees %s as %s', async (_name, outcome, fault, expectation = {}) => {
    const server = await serve(fault);
    const seen = await seenBy(connect(server.origin, {}, expectation));
    expect(outcomeOf(seen, expectation).outcome).toBe(outcome);
    expect(server.requests).toBe(1);
  });

  it('sees RST in a body without a length as reset', async () => {
    const server = await serve(({ socket }) =>
      socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello', () =>
        setTimeout(() => socket.resetAndDestroy(), 50),
      ),
    );
    const seen = await seenBy(connect(server.origin));
    expect(seen).toMatchObject({ complete: false, ending: 'rst', status: 200 });
    expect(outcomeOf(seen, {}).outcome).toBe('reset');
  });

  it('sees FIN on a used connection after the request was read as closed, not raced, and sends it once', async () => {
    const server = await serve(({ socket, uses }) => (uses === 0 ? socket.write(answerOf('x')) : socket.end()));
    const client = connect(server.origin);
    await seenBy(client);
    const seen = await seenBy(client);
    expect(seen).toMatchObject({ uses: 1, bytesRead: 0, ending: 'fin' });
    expect(outcomeOf(seen, {}).outcome).toBe('closed');
    expect(server.requests).toBe(2);
  });

  it('moves on when an idle connection was closed', async () => {
    const server = await serve(({ socket }) => socket.write(answerOf('x')));
    const client = connect(server.origin);
    await seenBy(client);
    const [socket] = server.sockets;
    socket?.end();
    await once(socket as NonNullable<typeof socket>, 'close');
    const seen = await seenBy(client);
    expect(outcomeOf(seen, {}).outcome).toBe('answered');
    expect(seen).toMatchObject({ connection: 1, uses: 0 });
  });

  const stuck: [Observation['deadline'], Partial<ClientOptions['deadlines']>, (received: Received) => void][] = [
    ['head', { headMs: 100 }, () => undefined],
    ['body', { bodyMs: 100 }, ({ socket }) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\nhello')],
    ['total', { totalMs: 100 }, () => undefined],
  ];
  it.each(stuck)('keeps its own %s deadline', async (deadline, limit, handle) => {
    const server = await serve(handle);
    const client = connect(server.origin, {
      deadlines: { totalMs: 5000, connectMs: 5000, headMs: 5000, bodyMs: 5000, ...limit },
    });
    const seen = await seenBy(client);
    expect(seen.deadline).toBe(deadline);
    expect(outcomeOf(seen, {}).outcome).toBe('timeout');
    expect(client.open).toBe(0);
  });

  it('keeps its own connect deadline', async () => {
    // A full accept queue that nobody empties: the kernel leaves further connects unanswered.
    const script =
      "const s = require('net').createServer().listen({port: 0, host: '127.0.0.1', backlog: 1}, () => " +
      'console.log(s.address().port))';
    const frozen = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    open.push({ close: () => frozen.kill('SIGKILL') });
    const [port] = (await once(frozen.stdout.setEncoding('utf8'), 'data')) as [string];
    frozen.kill('SIGSTOP');
    for (let filler = 0; filler < 4; filler += 1) {
      const socket = createConnection({ port: Number(port), host: '127.0.0.1' }).on('error', () => undefined);
      open.push({ close: () => socket.destroy() });
    }
    const seen = await seenBy(
      connect(`http://127.0.0.1:${port.trim()}`, {
        deadlines: { totalMs: 5000, connectMs: 300, headMs: 5000, bodyMs: 5000 },
      }),
    );
    expect(seen).toMatchObject({ deadline: 'connect', ending: 'never', complete: false });
    expect(seen.writtenMs).toBeUndefined();
    expect(outcomeOf(seen, {}).outcome).toBe('timeout');
  });

  it('accepts any certificate when asked to, as the healthcheck does, and no self-signed one otherwise', async () => {
    const pem = readFileSync(new URL('../../../scenarios/targets/node/localhost.pem', import.meta.url));
    const server = createServer({ key: pem, cert: pem }, (_request, response) => response.end('hello')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    open.push({ close: () => server.close() });
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wary = await seenBy(connect(origin, { connection: 'new' }), true);
    expect(wary.complete).toBe(false);
    expect(wary.status).toBeUndefined();
    expect(await seenBy(connect(origin, { connection: 'new', tls: { anyCertificate: true } }), true)).toMatchObject({
      complete: true,
      status: 200,
    });
    expect(await probe({ origin, path: '/', timeoutMs: 5000 })).toEqual({
      healthy: false,
      problem: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await probe({ origin, path: '/', timeoutMs: 5000, tls: { anyCertificate: true } })).toEqual({
      healthy: true,
    });
  });
});
