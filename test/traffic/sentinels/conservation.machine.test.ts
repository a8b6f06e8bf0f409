/** Every sentinel that was placed ends in exactly one outcome, whatever becomes of the target and of the restart. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PlacedSentinel } from '../../../src/model/sentinel.ts';
import { restartUnder, sentinelsOn, type Ended } from '../../truth/sentinel-run.ts';
import { accepts } from '../../truth/sentinel-servers/backlog.ts';
import { endsStreams } from '../../truth/sentinel-servers/events.ts';
import { sends } from '../../truth/sentinel-servers/download.ts';
import { SLOW_MS, startTruthServer, type Conduct, type TruthServer } from '../../truth/sentinel-servers/server.ts';
import { remembers } from '../../truth/sentinel-servers/session.ts';
import { receives } from '../../truth/sentinel-servers/upload.ts';

const COUNT = 4;
const usual: Conduct = { called: (call) => call.answer('hello'), signalled: () => undefined };

const slow: Conduct = { ...usual, called: (call) => void setTimeout(() => call.answer('done'), SLOW_MS) };

/** Each kind with a server that it can stand before. */
const GROUNDS: [PlacedSentinel, Conduct][] = [
  ['in-flight', slow],
  ['idle', usual],
  ['upload', receives],
  ['download', sends],
  ['parked', usual],
  ['backlog', accepts],
  ['pipelined', slow],
  ['events', endsStreams],
  ['session', remembers()],
];

/** What a target may do at the signal. */
const FATES: [string, Conduct['signalled']][] = [
  [
    'resets all and listens no more',
    (house) => {
      house.shut();
      for (const socket of house.sockets) socket.resetAndDestroy();
    },
  ],
  [
    'closes all and listens no more',
    (house) => {
      house.shut();
      for (const socket of house.sockets) socket.destroy();
    },
  ],
  [
    'reads nothing any more',
    (house) => {
      for (const socket of house.sockets) socket.pause();
    },
  ],
];

let server: TruthServer;
afterEach(() => server.close());

describe.each(GROUNDS)('%s', (name, conduct) => {
  it.each(FATES)('ends once each when the target %s', async (_fate, signalled) => {
    server = await startTruthServer({ ...conduct, signalled });
    const { problems, ended, due } = await restartUnder(server, { name, count: COUNT }, 1500);
    expect(problems).toEqual([]);
    expect(due).toBe(COUNT);
    expect(ended.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3]);
    for (const { story } of ended) expect(story.endMs).toBeGreaterThanOrEqual(story.dueMs);
  });

  it('acts when it is disarmed, when no phase was ever told', async () => {
    server = await startTruthServer({ ...conduct, signalled: () => undefined });
    const ended: Ended[] = [];
    const sentinels = sentinelsOn(server.origin, { name, count: COUNT }, ended);
    expect(await sentinels.place(3)).toEqual([]);
    sentinels.phase(2, 'completed');
    expect(ended).toEqual([]);
    await sentinels.release(3);
    expect(ended.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(ended.every(({ restart, sentinel }) => restart === 3 && sentinel === name)).toBe(true);
  });
});

it('is placed anew for each restart, and the survey is told once', async () => {
  server = await startTruthServer(usual);
  const ended: Ended[] = [];
  const sentinels = sentinelsOn(server.origin, { name: 'in-flight', count: COUNT }, ended);
  expect(await sentinels.place(0)).toHaveLength(1);
  await sentinels.release(0);
  expect(await sentinels.place(1)).toEqual([]);
  await sentinels.release(1);
  await sentinels.release(1);
  expect(sentinels.due).toBe(2 * COUNT);
  expect(ended.map(({ restart }) => restart)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
});

it('takes what never answers for a timeout, with the deadline that ran out', async () => {
  server = await startTruthServer({
    ...usual,
    called: (call, house) => (house.signalled ? undefined : call.answer('hello')),
  });
  const { counts, ended } = await restartUnder(server, { name: 'idle', count: COUNT }, 300);
  expect(counts).toEqual({ timeout: COUNT });
  for (const { story } of ended) expect(story).toMatchObject({ deadline: 'total', ending: 'open', uses: 1 });
});

it('sends the backlog while the target is frozen', async () => {
  let connectedWhileFrozen = 0;
  let frozen = false;
  server = await startTruthServer({ ...usual, connected: () => void (connectedWhileFrozen += frozen ? 1 : 0) });
  const ended: Ended[] = [];
  const sentinels = sentinelsOn(server.origin, { name: 'backlog', count: COUNT }, ended);
  await sentinels.place(0);
  frozen = true;
  sentinels.phase(0, 'frozen');
  await expect.poll(() => connectedWhileFrozen).toBe(COUNT);
  sentinels.phase(0, 'signalled');
  await sentinels.release(0);
  expect(ended.map(({ story }) => story.note)).toEqual([undefined, undefined, undefined, undefined]);
  expect(connectedWhileFrozen).toBe(COUNT);
});

it('leaves no connection behind', async () => {
  const open = new Set<unknown>();
  const connected: Conduct['connected'] = (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  };
  server = await startTruthServer({ ...usual, connected });
  for (const name of ['idle', 'parked', 'in-flight'] as const) await restartUnder(server, { name, count: COUNT });
  await expect.poll(() => open.size).toBe(0);
});
