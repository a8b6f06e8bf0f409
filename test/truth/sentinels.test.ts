/** Each sentinel against servers that go through a restart well or badly and keep an account: the counts are equal. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SentinelName } from '../../src/model/sentinel.ts';
import { restartUnder, type Watched } from './sentinel-run.ts';
import * as backlog from './sentinel-servers/backlog.ts';
import * as download from './sentinel-servers/download.ts';
import * as events from './sentinel-servers/events.ts';
import * as idle from './sentinel-servers/idle.ts';
import * as inFlight from './sentinel-servers/in-flight.ts';
import * as parked from './sentinel-servers/parked.ts';
import * as pipelined from './sentinel-servers/pipelined.ts';
import { startTruthServer, type Conduct, type TruthServer } from './sentinel-servers/server.ts';
import * as session from './sentinel-servers/session.ts';
import * as upload from './sentinel-servers/upload.ts';

const COUNT = 6;

const CASES: [SentinelName, string, Conduct, RegExp?][] = [
  ['in-flight', 'is answered by a server that finishes', inFlight.finishes],
  ['in-flight', 'sees a close', inFlight.dropsInFlight],
  ['in-flight', 'sees a reset', inFlight.resetsInFlight],
  ['idle', 'is answered by a server that announces its close', idle.announces],
  ['idle', 'tells the races from closes that were seen in time', idle.closesIdle, /closed by the server before|after the server had closed/],
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
  ['pipelined', 'sees neither answered', pipelined.answersNeither],
  ['events', 'ends with a last chunk and reconnects', events.endsStreams, /the reconnect succeeded/],
  ['events', 'ends with an announced close and reconnects', events.closesStreams, /the reconnect succeeded/],
  ['events', 'may stay open', events.keepsStreams, /still open/],
  ['events', 'sees a missing last chunk', events.cutsStreams],
  ['events', 'sees a reset', events.resetsStreams],
  ['events', 'sees that a reconnect is refused', events.endsForGood],
  ['session', 'goes on', session.remembers()],
  ['session', 'sees the count begin again', session.forgets(), /the counter went from 2 back to 1/],
];

let server: TruthServer;
afterEach(() => server.close());

describe.each(CASES)('%s', (name, what, conduct, note) => {
  it(what, async () => {
    server = await startTruthServer(conduct);
    const watched: Watched = await restartUnder(server, { name, count: COUNT });

    expect(watched.problems).toEqual([]);
    expect(watched.counts).toEqual(accountOf(server));
    expect(watched.due).toBe(COUNT);
    expect(watched.ended.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, index) => index));
    if (note !== undefined) for (const { story } of watched.ended) expect(story.note).toMatch(note);
  });
});

/** What the server says that it did, without what it took back. */
function accountOf({ account }: TruthServer): Record<string, number> {
  return Object.fromEntries(Object.entries(account).filter(([, times]) => times !== 0));
}
