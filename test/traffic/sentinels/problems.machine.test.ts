/** What cannot be put in place, or could not see anything, is told in words and not counted. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SentinelProblem } from '../../../src/model/plan.ts';
import { SENTINELS, type PlacedSentinel } from '../../../src/model/sentinel.ts';
import { sentinelsOn, type Ended } from '../../truth/sentinel-run.ts';

let server: Server;
let origin: string;
let visits = 0;

beforeAll(async () => {
  server = createServer((request, answer) => {
    if (request.url === '/missing') answer.writeHead(404).end();
    else if (request.url === '/closing') answer.setHeader('Connection', 'close').end('hello');
    else if (request.url === '/elsewhere') answer.setHeader('x-instance', String((visits += 1) % 2)).end('1');
    else if (request.url === '/changing') answer.end(String(Math.random()));
    else answer.end('hello');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function armed(
  name: PlacedSentinel,
  path: string,
  at = origin,
): Promise<{ problems: SentinelProblem[]; ended: Ended[]; due: number }> {
  const ended: Ended[] = [];
  const sentinels = sentinelsOn(at, { name, count: 2, path }, ended);
  const problems = await sentinels.place(0);
  await sentinels.release(0);
  return { problems, ended, due: sentinels.due };
}

const USELESS: [PlacedSentinel, string, RegExp][] = [
  ['in-flight', '/missing', /^in-flight: GET \/missing is not answered as expected \(status 404/],
  ['idle', '/closing', /^idle: 2 of 2 could not be put in place: \/closing closes the connection after its answer/],
  ['upload', '/missing', /^upload: POST \/missing is not answered as expected \(status 404/],
  ['events', '/', /^events: \/ ends with its head: it is not a stream/],
  ['events', '/missing', /^events: GET \/missing is not answered as expected \(status 404/],
  ['session', '/', /^session: \/ does not count the visits of one session/],
  [
    'session',
    '/elsewhere',
    /^session: \/elsewhere loses its session between two visits, without any restart, when another instance answers\./,
  ],
  ['websocket', '/', /^websocket: \/ does not upgrade to a WebSocket/],
  ['http2', '/', /^http2: The target does not speak HTTP\/2 without TLS/],
  ['tls', '/', /^tls: not available for http:\/\/ targets/],
];

describe.each(USELESS)('%s on %s', (name, path, problem) => {
  it('is told as a problem and not placed', async () => {
    const { problems, ended, due } = await armed(name, path);
    expect(problems).toEqual([{ placed: false, message: expect.stringMatching(problem) as string }]);
    expect({ ended, due }).toEqual({ ended: [], due: 0 });
  });
});

const DOUBTFUL: [PlacedSentinel, string, RegExp][] = [
  [
    'in-flight',
    '/',
    /answers within \d+ ms, so that often nothing is under way at the signal\. Name a path that takes 200 ms/,
  ],
  ['pipelined', '/', /answers within \d+ ms/],
  ['download', '/', /answers 5 bytes within \d+ ms, which the kernel's buffers hold/],
  ['download', '/changing', /Two answers of \/changing differ, so that only the length is checked/],
];

describe.each(DOUBTFUL)('%s on %s', (name, path, problem) => {
  it('is told as a problem and placed nevertheless', async () => {
    const { problems, ended, due } = await armed(name, path);
    expect(problems).toEqual([{ placed: true, message: expect.stringMatching(problem) as string }]);
    expect(due).toBe(2);
    expect(ended).toHaveLength(2);
  });
});

it.each(SENTINELS)('%s tells that nobody listens', async (name) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const { problems, ended, due } = await armed(name, '/', `${name === 'tls' ? 'https' : 'http'}://127.0.0.1:${port}`);
  expect(problems).toHaveLength(1);
  expect({ ended, due }).toEqual({ ended: [], due: 0 });
});
