/** Each sentinel against servers that go through a restart well or badly and keep an account: the counts are equal. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlacedSentinel } from '../../src/model/sentinel.ts';
import { SPELL_MS } from '../../src/traffic/sentinels/danger.ts';
import { REST_MS } from '../../src/traffic/sentinels/idle.ts';
import { restartUnder, sentinelsOn, type Ended, type Watched } from './sentinel-run.ts';
import * as backlog from './sentinel-servers/backlog.ts';
import * as download from './sentinel-servers/download.ts';
import * as events from './sentinel-servers/events.ts';
import * as http2 from './sentinel-servers/http2.ts';
import * as idle from './sentinel-servers/idle.ts';
import * as inFlight from './sentinel-servers/in-flight.ts';
import * as parked from './sentinel-servers/parked.ts';
import * as pipelined from './sentinel-servers/pipelined.ts';
import { startTruthServer, type Conduct, type TruthServer } from './sentinel-servers/server.ts';
import * as session from './sentinel-servers/session.ts';
import * as tls from './sentinel-servers/tls.ts';
import * as upload from './sentinel-servers/upload.ts';
import { startWebSocketServer, type Farewell } from './sentinel-servers/websocket.ts';

const COUNT = 6;
const LIMIT_MS = 2000;

type Start = (secured: boolean) => Promise<TruthServer>;
const farewell =
  (how: Farewell): Start =>
  (secured) =>
    startWebSocketServer(how, secured);
const ending =
  (how: http2.Ending): Start =>
  () =>
    http2.startHttp2Server(how);
const halt =
  (how: tls.Halt): Start =>
  () =>
    tls.startTlsServer(how);

type Case = [name: PlacedSentinel, what: string, conduct: Conduct | Start, note?: RegExp];

const CASES: Case[] = [
  ['in-flight', 'is answered by a server that finishes', inFlight.finishes],
  ['in-flight', 'sees a close', inFlight.dropsInFlight],
  ['in-flight', 'sees a reset', inFlight.resetsInFlight],
  ['idle', 'is answered by a server that announces its close', idle.announces],
  [
    'idle',
    'tells the races from closes that were seen in time',
    idle.closesIdle,
    /closed by the server before|after the server had closed/,
  ],
  ['idle', 'sees a request dropped after it was read', idle.dropsNext],
  ['upload', 'is answered when the whole body was read', upload.receives],
  ['upload', 'sees a reset in mid-body', upload.cutsUploads],
  ['upload', 'sees a 503', upload.rejectsUploads],
  ['download', 'comes whole', download.sends],
  ['download', 'sees a cut', download.cutsDownloads],
  ['download', 'sees other bytes', download.mixesUp, /SHA-256/],
  ['parked', 'is served', parked.serves],
  ['parked', 'takes a clean close for fine', parked.closesParked, /before anything was written/],
  ['parked', 'sees a reset', parked.resetsParked],
  ['backlog', 'is answered', backlog.accepts],
  ['backlog', 'sees a reset', backlog.resetsQueue],
  ['pipelined', 'is answered twice', pipelined.answersBoth],
  ['pipelined', 'takes a second one closed unread for fine', pipelined.closesSecond, /closed cleanly unread/],
  ['pipelined', 'sees a cut second answer', pipelined.cutsSecond],
  ['pipelined', 'sees a reset of the second', pipelined.resetsSecond],
  ['pipelined', 'sees neither answered', pipelined.answersNeither],
  ['events', 'ends with a last chunk and reconnects', events.endsStreams, /the reconnect succeeded/],
  ['events', 'ends with an announced close and reconnects', events.closesStreams, /the reconnect succeeded/],
  ['events', 'may stay open', events.keepsStreams, /still open/],
  ['events', 'sees a missing last chunk', events.cutsStreams],
  ['events', 'sees a reset', events.resetsStreams],
  ['events', 'sees that a reconnect is refused', events.endsForGood],
  [
    'websocket',
    'is sent away with 1001 and reconnects',
    farewell({ outcome: 'answered', code: 1001 }),
    /closed with 1001, and the reconnect succeeded/,
  ],
  [
    'websocket',
    'is sent away with 1012 and reconnects',
    farewell({ outcome: 'answered', code: 1012, end: 'fin' }),
    /closed with 1012/,
  ],
  ['websocket', 'may stay open', farewell({ outcome: 'answered' }), /still open/],
  ['websocket', 'sees an end without a close frame', farewell({ outcome: 'closed', end: 'fin' }), /1006/],
  ['websocket', 'sees a reset', farewell({ outcome: 'reset', end: 'rst' }), /1006/],
  [
    'websocket',
    'sees a code that does not ask it back',
    farewell({ outcome: 'failed', code: 1011 }),
    /closed with 1011/,
  ],
  [
    'websocket',
    'sees that a reconnect is refused',
    farewell({ outcome: 'refused', code: 1001, shut: true }),
    /the reconnect failed/,
  ],
  ['websocket', 'sees that it has gone mute', farewell({ outcome: 'timeout', mute: true }), /mute/],
  ['http2', 'has its streams answered after GOAWAY', ending(http2.goesAway), /GOAWAY with last stream/],
  ['http2', 'has its streams answered without GOAWAY', ending(http2.stays), /no GOAWAY/],
  ['http2', 'takes refused streams for fine', ending(http2.refusesStreams), /refused untouched/],
  ['http2', 'sees its connection closed under its streams', ending(http2.closesStreams)],
  ['http2', 'sees a promise broken', ending(http2.breaksPromise), /the stream was reset with code 2/],
  ['tls', 'completes', halt(tls.completes)],
  ['tls', 'takes a clean close for fine', halt(tls.closesHandshakes), /mid-handshake/],
  ['tls', 'sees a reset in mid-handshake', halt(tls.resetsHandshakes), /in the TLS handshake/],
  ['tls', 'sees its request dropped', halt(tls.dropsRequests)],
  ['session', 'goes on', session.remembers()],
  ['session', 'sees the count begin again', session.forgets(), /the counter went from 2 back to 1/],
];

let server: TruthServer;
afterEach(() => server.close());

/** Those that are what they are with or without TLS. */
const EITHER = CASES.filter(([name]) => name !== 'http2' && name !== 'tls');
const over =
  (scheme: 'http' | 'https') =>
  ([name, ...rest]: Case): [PlacedSentinel, string, string, Conduct | Start, RegExp?] => [name, scheme, ...rest];

describe.each([...CASES.map((each) => over(each[0] === 'tls' ? 'https' : 'http')(each)), ...EITHER.map(over('https'))])(
  '%s over %s',
  (name, scheme, what, conduct, note) => {
    it(what, async () => {
      const secured = scheme === 'https';
      server = await (typeof conduct === 'function' ? conduct(secured) : startTruthServer(conduct, secured));
      // Megabytes of it are encrypted and decrypted in this one process.
      const limitMs = name === 'download' ? 5 * LIMIT_MS : LIMIT_MS;
      const watched: Watched = await restartUnder(server, { name, count: COUNT }, limitMs);

      expect(watched.problems).toEqual([]);
      expect(watched.counts).toEqual(accountOf(server));
      expect(watched.due).toBe(COUNT);
      expect(watched.ended.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
        Array.from({ length: COUNT }, (_, index) => index),
      );
      // A race that really happened, as the close had not been noticed when the request was written, needs no words.
      const worded = watched.ended.filter(({ outcome, story }) => outcome !== 'raced' || story.note !== undefined);
      if (note !== undefined) for (const { story } of worded) expect(story.note).toMatch(note);
    });
  },
);

/** A restart whose old instance serves on for longer than a spell of danger, and leaves when its successor is ready. */
async function handOver(conduct: Conduct, name: PlacedSentinel): Promise<Record<string, number>> {
  server = await startTruthServer(conduct);
  const ended: Ended[] = [];
  const sentinels = sentinelsOn(server.origin, { name, count: COUNT }, ended, LIMIT_MS);
  expect(await sentinels.place(0)).toEqual([]);
  await server.ready(COUNT);
  server.signal();
  sentinels.phase(0, 'signalled');
  await delay(SPELL_MS + 100);
  sentinels.phase(0, 'ready');
  await delay(REST_MS);
  server.leave?.();
  await delay(REST_MS);
  sentinels.phase(0, 'gone');
  sentinels.phase(0, 'completed');
  await sentinels.release(0);
  const counts: Record<string, number> = {};
  for (const { outcome } of ended) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

describe('a handoff whose successor takes its time', () => {
  it('races every idle client that comes often, when the old instance closes unannounced', async () => {
    expect(await handOver(idle.leavesUnannounced, 'idle')).toEqual({ raced: COUNT / 2, answered: COUNT / 2 });
    expect(server.account['raced']).toBe(COUNT / 2);
  });

  it('races none when it has announced its close', async () => {
    expect(await handOver(idle.leavesAnnounced, 'idle')).toEqual({ answered: COUNT });
    expect(server.account['raced']).toBeUndefined();
  });

  it('drops what is under way when it leaves', async () => {
    expect(await handOver(inFlight.dropsWhenLeaving, 'in-flight')).toEqual({ answered: COUNT, closed: COUNT });
    expect(server.account['closed']).toBe(COUNT);
  });
});

/** What the server says that it did, without what it took back. */
function accountOf({ account }: TruthServer): Record<string, number> {
  return Object.fromEntries(Object.entries(account).filter(([, times]) => times !== 0));
}
