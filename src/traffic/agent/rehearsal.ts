/**
 * A rehearsal: the agent sends for a moment to a server of its own before the target is met.
 *
 * Rule: nothing of it is recorded. It is there because the first requests through cold code are late by tens of
 * milliseconds, which would look like a stall of the target or make arrivals unsent.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Plan } from '../../model/plan.ts';
import { openRecorder } from '../recorder.ts';
import { openStreams, type OpenClient } from './streams.ts';

const RATE_PER_SECOND = 500;
const LASTS_MS = 300;
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Sends some hundred requests the way that the plan's client will. */
export async function rehearse(client: Plan['client'], openClient: OpenClient): Promise<void> {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(ANSWER)).on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
    { origin, streams, sentinels: [], client },
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
