import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { dueCountBy } from '../../src/model/pacing.ts';
import { answerOf, startRawServer, type RawServer, type Received } from '../traffic/raw-server.ts';
import { planOf, runAgent, streamOf } from './agent-run.ts';

const BODY = 'hello world!';
let server: RawServer;
afterEach(() => server.stop());

/**
 * What the server does in turn, and the outcome that it must be counted as on a connection that carries one request.
 */
const DEEDS: Record<string, (received: Received) => void> = {
  answered: ({ socket }) => socket.write(answerOf(BODY)),
  closed: ({ socket }) => socket.end(),
  reset: ({ socket }) => void socket.resetAndDestroy(),
  truncated: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\nhello'),
  timeout: () => undefined,
  rejected: ({ socket }) => socket.write(answerOf('', '503 Service Unavailable')),
  failed: ({ socket }) => socket.write(answerOf('sorry')),
};
const NAMES = Object.keys(DEEDS);

describe.each(['wire', 'undici'] as const)('the agent with the %s client', (kind) => {
  it('counts exactly what a server says it did, each arrival once', async () => {
    const did: Record<string, number> = {};
    server = await startRawServer((received) => {
      const name = NAMES[received.index % NAMES.length] as string;
      did[name] = (did[name] ?? 0) + 1;
      DEEDS[name]?.(received);
    });
    const request = { method: 'GET', path: '/', headers: {}, expect: { body: BODY } };
    const told = await runAgent(planOf(server.origin, [streamOf({ request })], { kind, timeoutMs: 1000 }), 1400);
    expect(told.deaths).toEqual([]);
    expect(told.counts).toEqual(did);
    expect(told.end?.due).toEqual({ fresh: server.requests + told.unsent });
    expect(told.outcomes.get('fresh')?.size).toBe(server.requests + told.unsent);
  });

  it('owes one outcome to each arrival that was due, on all streams', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf(BODY, '200 OK', 'x-instance: blue\r\n')));
    const streams = [streamOf(), streamOf({ name: 'kept', connection: 'reused', ratePerSecond: 333, firstDueMs: 0.7 })];
    const told = await runAgent(planOf(server.origin, streams, { kind }), 1500);
    expect(told.counts).toEqual({ answered: server.requests });
    expect(told.identities).toEqual(['blue']);
    expect(told.progressed).toBeGreaterThan(2);
    for (const { name, firstDueMs, ratePerSecond } of streams) {
      const due = dueCountBy({ firstDueMs, ratePerSecond }, 1500);
      expect(told.end?.due[name]).toBe(due);
      expect([...(told.outcomes.get(name)?.keys() ?? [])].sort((a, b) => a - b)).toEqual([...Array(due).keys()]);
    }
    expect(told.end?.session).toBe(7);
    expect(told.end?.atMs).toBeGreaterThan(1500);
    expect(told.harness?.sendDelayP50Ms).toBeGreaterThan(0);
    expect(told.harness?.agentCpuMs).toBeGreaterThan(0);
  });

  it('counts every arrival as refused when nobody listens at all', async () => {
    server = await startRawServer(() => undefined);
    await server.stop();
    const told = await runAgent(
      planOf(server.origin, [streamOf(), streamOf({ name: 'kept', connection: 'reused' })], { kind }),
      500,
    );
    expect(told.counts).toEqual({ refused: 200 - told.unsent });
    expect(told.end?.due).toEqual({ fresh: 100, kept: 100 });
  });
});

describe('the agent', () => {
  it('is as exact with a server of node:http', async () => {
    let requests = 0;
    const http = createServer((_request, response) => {
      requests += 1;
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const told = await runAgent(planOf(origin, [streamOf(), streamOf({ name: 'kept', connection: 'reused' })]), 1000);
    http.closeAllConnections();
    http.close();
    expect(told.counts).toEqual({ answered: requests });
  });
});
