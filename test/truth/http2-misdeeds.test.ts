/**
 * The HTTP/2 client against a server of raw frames that misbehaves a known number of times: the counts are equal, on
 * new and reused connections, in clear and through TLS.
 */
import { createServer as createHttp2, createSecureServer as createSecureHttp2 } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { count, noCounts, type Outcome } from '../../src/model/outcome.ts';
import { selfSigned } from '../../src/processes/certificate.ts';
import { outcomeOf } from '../../src/traffic/classify.ts';
import { openHttp2Client } from '../../src/traffic/http2/client.ts';
import { BODY, goaway, startHttp2Server, whole } from './http2-server.ts';
import { clientOptions, load } from './wire-load.ts';

const certified = selfSigned();
const tls = { ca: certified.cert };

const OUTCOME_OF_MISDEED: Record<string, Outcome> = {
  good: 'answered',
  elaborate: 'answered',
  fin: 'closed',
  rst: 'reset',
  refused: 'raced',
  cancelled: 'reset',
  internal: 'reset',
  'http1-required': 'failed',
  'no-error-after-answer': 'answered',
  'rst-in-body': 'reset',
  'end-in-body': 'truncated',
  'fin-in-body': 'truncated',
  'goaway-below': 'raced',
  'goaway-then-answer': 'answered',
  'goaway-then-fin': 'closed',
  503: 'rejected',
  500: 'failed',
  'not-http2': 'failed',
  stall: 'timeout',
};
const MISDEEDS = Object.keys(OUTCOME_OF_MISDEED);
const TIMES = 5;

describe.each([
  ['in clear', undefined],
  ['through TLS', certified],
] as const)('%s', (_, secured) => {
  it.each(['new', 'reused'] as const)(
    'counts every misdeed on %s connections, and repeats nothing',
    async (connection) => {
      const misdeeds = MISDEEDS.flatMap((misdeed) => ['good', misdeed]);
      const server = await startHttp2Server(misdeeds, secured);
      const deadlines = { totalMs: 8000, connectMs: 8000, headMs: 500, bodyMs: 8000 };
      const options = clientOptions(server.origin, { connection, deadlines, tls });
      const { counts, observations } = await load(options, misdeeds.length * TIMES, 1, undefined, openHttp2Client);
      await server.close();
      const expected = noCounts();
      for (const misdeed of MISDEEDS) count(expected, OUTCOME_OF_MISDEED[misdeed] as Outcome, server.counts[misdeed]);
      expect(counts).toEqual(expected);
      expect(server.counts['requests']).toBe(observations.length);
      if (connection === 'new') expect(server.counts['connections']).toBe(observations.length);
      else expect(server.counts['connections']).toBeLessThan(observations.length);
    },
  );

  it.each([
    ['FIN', 'closed', (peer: { destroy(): unknown }) => peer.destroy()],
    ['RST', 'reset', (peer: { resetAndDestroy(): unknown }) => peer.resetAndDestroy()],
  ] as const)('%s with 10 streams under way is 10 lost requests', async (_name, outcome, end) => {
    const server = await startHttp2Server([], secured, (peer, ids) => {
      if (ids.length === 10) end(peer);
    });
    const options = clientOptions(server.origin, { connections: 1, tls });
    const client = openHttp2Client(options);
    await client.warmUp?.();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => sent(client, options)));
    client.close();
    await server.close();
    expect(server.counts).toMatchObject({ requests: 10, connections: 1 });
    expect(outcomes).toEqual(Array(10).fill(outcome));
  });

  it('GOAWAY: streams above the last one were not processed, the others are answered', async () => {
    const server = await startHttp2Server([], secured, (peer, ids) => {
      if (ids.length < 10) return;
      peer.write(goaway(ids[5] as number));
      for (const id of ids.slice(0, 6)) peer.write(whole(id));
    });
    const options = clientOptions(server.origin, { connections: 1, tls });
    const client = openHttp2Client(options);
    await client.warmUp?.();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => sent(client, options)));
    client.close();
    await server.close();
    expect(outcomes).toEqual([...Array<Outcome>(6).fill('answered'), ...Array<Outcome>(4).fill('raced')]);
  });
});

it.each([
  ['in clear', 'http', createHttp2],
  ['through TLS', 'https', () => createSecureHttp2(certified)],
] as const)('node:http2 as a peer, %s: bodies beyond any window, both ways', async (_, scheme, open) => {
  const server = open();
  const large = 'x'.repeat(1_000_000);
  server.on('stream', (stream: import('node:http2').ServerHttp2Stream) => {
    let bytes = 0;
    stream.on('data', (part: Buffer) => (bytes += part.length));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'x-instance': 'node' });
      stream.end(bytes === large.length ? large : `got ${bytes}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = { method: 'POST', path: '/', headers: { 'X-Own': 'y' }, body: large, expect: { body: large } };
  const origin = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = clientOptions(origin, { request, tls });
  const { counts, observations } = await load(options, 20, 4, undefined, openHttp2Client);
  server.close();
  expect(counts).toMatchObject({ due: 20, answered: 20 });
  expect(observations.every(({ identity }) => identity === 'node')).toBe(true);
});

it('a connection that ended before the request was written is the race, by proof, every time', async () => {
  const server = await startHttp2Server(['close-after']);
  // Each next request is written in the callback of the answer before: the end has arrived and was not read yet.
  const { counts } = await load(clientOptions(server.origin, { connections: 1 }), 200, 1, undefined, openHttp2Client);
  await server.close();
  expect(counts).toMatchObject({ due: 200, answered: 100, raced: 100, lost: 0 });
  expect(server.counts['requests']).toBe(100);
});

function sent(client: ReturnType<typeof openHttp2Client>, options: ReturnType<typeof clientOptions>): Promise<Outcome> {
  return new Promise((resolve) => {
    client.send(options.now(), (seen) => resolve(outcomeOf(seen, { status: 200, body: BODY }).outcome));
  });
}
