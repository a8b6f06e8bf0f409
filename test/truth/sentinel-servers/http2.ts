/** HTTP/2 servers (without TLS) that finish their streams, refuse new ones, or drop them. */
import { once } from 'node:events';
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Outcome } from '../../../src/model/outcome.ts';
import { SLOW_MS, until, type TruthServer } from './server.ts';

/** Streams that each sentinel holds open. */
const STREAMS_EACH = 3;

/** What happens to each connection at the signal, and what its sentinel must make of it. */
export interface Ending {
  outcome: Outcome;
  end(session: ServerHttp2Session, open: ReadonlySet<ServerHttp2Stream>, tcp: Socket): void;
}

/** GOAWAY, and every stream that was begun is answered. */
export const goesAway: Ending = { outcome: 'answered', end: (session) => session.close() };

/** The connections stay as they are, and everything is answered. */
export const stays: Ending = { outcome: 'answered', end: () => undefined };

/** The connection is closed under its streams. */
export const closesStreams: Ending = { outcome: 'closed', end: (_session, _open, tcp) => void tcp.destroy() };

/** GOAWAY promises the streams that are open, and then they are dropped. */
export const breaksPromise: Ending = {
  outcome: 'reset',
  end(session, open) {
    const last = Math.max(0, ...[...open].filter((stream) => stream.session === session).map(({ id }) => id ?? 0));
    session.goaway(constants.NGHTTP2_NO_ERROR, last);
    for (const stream of open) if (stream.session === session) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  },
};

/** Streams are refused untouched from here on. */
export const refusesStreams: Ending = {
  outcome: 'answered',
  end(session, open) {
    for (const stream of open) if (stream.session === session) stream.close(constants.NGHTTP2_REFUSED_STREAM);
  },
};

function answer(stream: ServerHttp2Stream): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ':status': 200 });
  stream.end('done');
}

/** A server that ends so. It holds every stream until the signal, but the first: that is the survey's. */
export async function startHttp2Server(ending: Ending): Promise<TruthServer> {
  const sessions = new Map<ServerHttp2Session, Socket>();
  const open = new Set<ServerHttp2Stream>();
  const account: TruthServer['account'] = {};
  let signalled = false;
  let streams = 0;
  const server = createServer();
  // The socket of a session may not be touched through it.
  let accepted: Socket;
  server.prependListener('connection', (tcp: Socket) => (accepted = tcp));
  server.on('session', (session) => {
    sessions.set(session, accepted);
    session.on('close', () => sessions.delete(session)).on('error', () => undefined);
  });
  server.on('stream', (stream) => {
    open.add(stream);
    stream.on('close', () => open.delete(stream)).on('error', () => undefined);
    streams += 1;
    if (streams === 1 || signalled) setTimeout(() => answer(stream), SLOW_MS);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    ready: (sentinels) => until(() => sessions.size === sentinels && open.size === STREAMS_EACH * sentinels),
    signal() {
      signalled = true;
      account[ending.outcome] = sessions.size;
      for (const [session, tcp] of sessions) ending.end(session, open, tcp);
      // Whatever is left of them is answered.
      for (const stream of open) setTimeout(() => answer(stream), SLOW_MS);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions.keys()) session.destroy();
      await closed;
    },
  };
}
