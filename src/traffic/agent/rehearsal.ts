/**
 * A rehearsal: the agent sends for a moment to a server of its own before the target is met.
 *
 * Rule: nothing of it is recorded. It is there because the first requests through cold code are late by tens of
 * milliseconds, which would look like a stall of the target or make arrivals unsent.
 */
import { once } from 'node:events';
import {
  createSecureServer as createSecureHttp2,
  createServer as createHttp2,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createSecureServer } from 'node:tls';
import type { Plan } from '../../model/plan.ts';
import { selfSigned } from '../../processes/certificate.ts';
import { openRecorder } from '../recorder.ts';
import { openStreams, type OpenClient } from './streams.ts';

const RATE_PER_SECOND = 500;
const LASTS_MS = 300;
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Sends some hundred requests the way that the plan's client will. */
export async function rehearse(client: Plan['client'], openClient: OpenClient): Promise<void> {
  const serve = (socket: Socket): void => {
    socket.on('data', () => socket.write(ANSWER)).on('error', () => socket.destroy());
  };
  const serveStream = (stream: ServerHttp2Stream): void => {
    stream.on('error', () => undefined).respond({ ':status': 200 });
    stream.end('ok');
  };
  const certified = client.tls === undefined ? undefined : selfSigned();
  const server =
    client.kind === 'http2'
      ? (certified === undefined ? createHttp2() : createSecureHttp2(certified)).on('stream', serveStream)
      : certified === undefined
        ? createServer(serve)
        : createSecureServer(certified, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = certified === undefined ? 'http' : 'https';
  const origin = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tls = certified === undefined ? {} : { tls: { ...client.tls, ca: certified.cert, serverName: 'localhost' } };
  const request = { method: 'GET', path: '/', headers: {}, expect: {} };
  const streams = (['new', 'reused'] as const).map((connection) => ({
    name: connection,
    ratePerSecond: RATE_PER_SECOND,
    firstDueMs: 0,
    connection,
    connections: 8,
    request,
  }));
  const zeroMs = performance.now();
  let connections = 0;
  const rehearsed = openStreams(
    { origin, streams, sentinels: [], client: { ...client, ...tls } },
    {
      openClient,
      recorder: openRecorder((event) => JSON.stringify(event), false),
      now: () => performance.now() - zeroMs,
      nextConnection: () => connections++,
      late: () => undefined,
    },
  );
  const ticking = setInterval(() => {
    for (const { arrivals } of rehearsed) arrivals.tick();
  }, 1);
  await delay(LASTS_MS);
  clearInterval(ticking);
  for (const stream of rehearsed) stream.client.close();
  server.close();
}
