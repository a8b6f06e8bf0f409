/** The pool, the deadlines and what an observation tells, on real sockets. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ClientOptions, Observation } from '../../../src/traffic/client.ts';
import { openWireClient, type WireClient } from '../../../src/traffic/http1/client.ts';

const OK = 'HTTP/1.1 200 OK\r\nX-Instance: one\r\nContent-Length: 2\r\n\r\nok';
const ended: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

interface Served {
  origin: string;
  server: Server;
  sockets: Socket[];
  /** Each request as text, with the number of its connection. */
  requests: { connection: number; text: string }[];
}

/** A raw server; `act` is called with each whole request (the default answers it). */
async function serve(
  act: (socket: Socket, request: string) => void = (socket) => void socket.write(OK),
): Promise<Served> {
  const sockets: Socket[] = [];
  const requests: Served['requests'] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket) - 1;
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < text.indexOf('\r\n\r\n') + 4 + length || !text.includes('\r\n\r\n')) return;
      requests.push({ connection, text });
      const whole = text;
      text = '';
      act(socket, whole);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ended.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { origin: `http://127.0.0.1:${address.port}`, server, sockets, requests };
}

function open(
  origin: string,
  more: Partial<ClientOptions> = {},
): { client: WireClient; send: (fresh?: boolean) => Promise<Observation> } {
  let connections = 0;
  const now = (): number => performance.now();
  const client = openWireClient({
    origin,
    request: { method: 'GET', path: '/', headers: {}, expect: {} },
    connection: 'reused',
    connections: 2,
    mostConnections: 10,
    deadlines: { totalMs: 30_000, connectMs: 30_000, headMs: 30_000, bodyMs: 30_000 },
    identityHeader: 'x-instance',
    now,
    nextConnection: () => connections++,
    ...more,
  });
  ended.push(() => client.close());
  return { client, send: (fresh) => new Promise((resolve) => client.send(now(), resolve, fresh)) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('reused connections', () => {
  it('tells everything about a request', async () => {
    const { origin, requests, sockets } = await serve();
    const { send } = open(origin);
    const first = await send();
    const second = await send();
    expect(first).toMatchObject({
      complete: true,
      status: 200,
      identity: 'one',
      ending: 'open',
      connection: 0,
      uses: 0,
      bytesRead: OK.length,
      bytesWritten: requests[0]?.text.length,
    });
    expect(second).toMatchObject({ connection: 0, uses: 1, localPort: sockets[0]?.remotePort });
    const moments = [
      first.dueMs,
      first.sentMs,
      first.connectMs,
      first.connectedMs,
      first.writtenMs,
      first.firstByteMs,
      first.endMs,
    ];
    expect(moments).toEqual([...moments].sort((a, b) => Number(a) - Number(b)));
    expect(second.connectMs).toBeUndefined();
    expect(second.idleMs).toBeGreaterThan(0);
    expect(second.ageMs).toBeGreaterThan(second.idleMs as number);
    expect(second.rttMs).toBe((first.connectedMs as number) - (first.connectMs as number));
  });

  it('takes the least recently used one', async () => {
    const { origin } = await serve();
    const { client, send } = open(origin, { connections: 3 });
    await client.warmUp();
    const used: number[] = [];
    for (let index = 0; index < 6; index++) used.push((await send()).connection);
    expect(used.slice(0, 3).sort()).toEqual([0, 1, 2]);
    expect(used.slice(3)).toEqual(used.slice(0, 3));
  });

  it('opens more while all are busy, up to the limit, and closes those not needed for a while', async () => {
    const held: Socket[] = [];
    const { origin } = await serve((socket) => void held.push(socket));
    const { client, send } = open(origin, { connections: 2, mostConnections: 5 });
    const all = Array.from({ length: 7 }, () => send());
    const pool = await Promise.race(all);
    expect(pool).toMatchObject({ errno: 'POOL', ending: 'never', connection: -1, complete: false });
    while (held.length < 5) await turn();
    expect(client).toMatchObject({ open: 5, busy: 5 });
    for (const socket of held) socket.write(OK);
    const observations = await Promise.all(all);
    expect(observations.filter((seen) => seen.complete)).toHaveLength(5);
    expect(observations.filter((seen) => seen.errno === 'POOL')).toHaveLength(2);
    expect(client).toMatchObject({ open: 5, busy: 0 });
    await vi.waitFor(() => expect(client.open).toBe(2), 10_000);
  });

  it('drops a connection that the server closed while it was idle, and opens one for the next request', async () => {
    const { origin, sockets } = await serve();
    const { client, send } = open(origin);
    await send();
    sockets[0]?.destroy();
    while (client.open > 0) await turn();
    expect(sockets).toHaveLength(1);
    expect(await send()).toMatchObject({ complete: true, connection: 1, uses: 0 });
  });

  it('drops a connection that says something unasked', async () => {
    const { origin, sockets } = await serve();
    const { client, send } = open(origin);
    await send();
    sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
    while (client.open > 0) await turn();
    expect(await send()).toMatchObject({ complete: true, status: 200, connection: 1 });
  });

  it('does not use a connection again whose answer said close', async () => {
    const { origin, requests } = await serve((socket) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok`));
    const { send } = open(origin);
    for (let index = 0; index < 5; index++) expect(await send()).toMatchObject({ complete: true, uses: 0 });
    expect(requests.map((request) => request.connection)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes a new connection when asked to', async () => {
    const { origin } = await serve();
    const { send } = open(origin);
    await send();
    expect(await send(true)).toMatchObject({ connection: 1, uses: 0 });
    expect(await send()).toMatchObject({ connection: 0, uses: 1 });
  });

  it('writes a body that the kernel does not take at once, and knows when it was gone', async () => {
    const { origin, requests } = await serve();
    const body = 'x'.repeat(6_000_000);
    const { send } = open(origin, { request: { method: 'POST', path: '/', headers: {}, body, expect: {} } });
    const seen = await send();
    expect(seen.complete).toBe(true);
    expect(seen.writtenMs).toBeLessThanOrEqual(seen.firstByteMs as number);
    expect(seen.bytesWritten).toBe(requests[0]?.text.length);
  });
});

describe('new connections', () => {
  it('opens one for each request and asks the server to close it', async () => {
    const { origin, requests } = await serve();
    const { client, send } = open(origin, { connection: 'new' });
    for (let index = 0; index < 3; index++) {
      expect(await send()).toMatchObject({ complete: true, connection: index, uses: 0 });
    }
    expect(requests.map((request) => request.connection)).toEqual([0, 1, 2]);
    expect(requests[0]?.text).toContain('Connection: close');
    while (client.open > 0) await turn();
  });

  it('is refused where nobody listens, once for each request, also when it warms up', async () => {
    const { origin, server } = await serve();
    await new Promise((resolve) => server.close(resolve));
    const { client, send } = open(origin);
    await client.warmUp();
    expect(client.open).toBe(0);
    expect(await send()).toMatchObject({ errno: 'ECONNREFUSED', ending: 'never', complete: false });
    expect(client).toMatchObject({ open: 0, busy: 0 });
  });

  it('finds the address that a host name with several is served on', async () => {
    const { origin } = await serve();
    const { client, send } = open(origin.replace('127.0.0.1', 'localhost'), { connection: 'new' });
    await client.warmUp();
    expect(await send()).toMatchObject({ complete: true });
  });
});

describe('deadlines', () => {
  const deadlines = { totalMs: 30_000, connectMs: 30_000, headMs: 30_000, bodyMs: 30_000 };

  it('ends a request without a head, and its connection', async () => {
    const { origin, sockets } = await serve(() => undefined);
    const { client, send } = open(origin, { deadlines: { ...deadlines, headMs: 50 } });
    const seen = await send();
    expect(seen).toMatchObject({ deadline: 'head', complete: false, ending: 'open', bytesRead: 0 });
    expect(seen.endMs - (seen.writtenMs as number)).toBeGreaterThanOrEqual(50);
    expect(client).toMatchObject({ open: 0, busy: 0 });
    await once(sockets[0] as Socket, 'close');
  });

  it('ends a request whose body stops, however lively its head was', async () => {
    const { origin } = await serve(
      (socket) => void socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'),
    );
    const { send } = open(origin, { deadlines: { ...deadlines, bodyMs: 50 } });
    expect(await send()).toMatchObject({ deadline: 'body', status: 200, complete: false });
  });

  it('counts the total from the due moment', async () => {
    const { origin } = await serve(() => undefined);
    const { client } = open(origin, { deadlines: { ...deadlines, totalMs: 1000 } });
    const dueMs = performance.now() - 900;
    const seen = await new Promise<Observation>((resolve) => client.send(dueMs, resolve));
    expect(seen.deadline).toBe('total');
    expect(seen.endMs - dueMs).toBeGreaterThanOrEqual(1000);
  });

  it('ends a connect that nobody takes', async () => {
    // A listener that never accepts: its queue of two fills, and the kernel leaves further connects without an answer.
    const source = `const { parentPort } = require('node:worker_threads');
      const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        parentPort.postMessage(server.address().port);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
    const worker = new Worker(source, { eval: true });
    ended.push(() => worker.terminate());
    const [port] = (await once(worker, 'message')) as [number];
    const { send } = open(`http://127.0.0.1:${port}`, {
      connection: 'new',
      deadlines: { ...deadlines, connectMs: 200, headMs: 200 },
    });
    const observations = await Promise.all(Array.from({ length: 8 }, () => send()));
    const stuck = observations.filter((seen) => seen.deadline === 'connect');
    expect(stuck.length).toBeGreaterThan(0);
    expect(stuck[0]).toMatchObject({ ending: 'never', complete: false });
    expect(observations.filter((seen) => seen.deadline === 'head')).toHaveLength(8 - stuck.length);
  });
});

describe('close', () => {
  it('destroys all connections and calls nobody back', async () => {
    const { origin, requests, sockets } = await serve(() => undefined);
    const { client } = open(origin);
    let calls = 0;
    for (let index = 0; index < 3; index++) client.send(performance.now(), () => (calls += 1));
    while (requests.length < 3) await turn();
    client.close();
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    expect(calls).toBe(0);
    expect(client).toMatchObject({ open: 0, busy: 0 });
  });
});
