/**
 * The leaky server in HTTP/2: it commits its faults on streams, and ends connections that carry one request.
 *
 * Rule: as in HTTP/1.1, each request is counted when it has been read, by what is done to it. A connection that carries
 * several is never ended: a request that crosses its end is not read, so that only the client could count it.
 */
import { constants, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Outcome } from '../model/outcome.ts';
import { ALONE, GOOD_BODY, WRONG_BODY, type Leak } from './leaks.ts';

/** Lets `server` serve; `turn` says which fault is due, `did` takes what was done. */
export function leakOverHttp2(
  server: Http2Server,
  turn: () => Leak | undefined,
  did: (outcome: Outcome) => void,
): void {
  /** TCP sockets by the client's port: those of a session cannot be ended through it. */
  const below = new Map<number | undefined, Socket>();
  // Before the session of a connection in clear begins.
  server.prependListener('connection', (socket: Socket) => {
    const { remotePort } = socket;
    below.set(remotePort, socket);
    socket.once('close', () => below.delete(remotePort));
  });
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream, head) => {
    const tcp = below.get(stream.session?.socket.remotePort);
    const standing = { toHead: head[':method'] === 'HEAD', isAlone: head[ALONE] !== undefined, tcp };
    stream.on('error', () => undefined);
    stream.resume().on('end', () => {
      // A client that gives up in mid-request ends it as well.
      if (!stream.aborted && !stream.closed) did(serve(stream, turn(), standing));
    });
  });
}

interface Standing {
  /** The request is a HEAD. */
  toHead: boolean;
  /** Its connection carries no other request. */
  isAlone: boolean;
  /** The TCP socket of its connection. */
  tcp: Socket | undefined;
}

function serve(stream: ServerHttp2Stream, due: Leak | undefined, { toHead, isAlone, tcp }: Standing): Outcome {
  switch (due) {
    case undefined:
      return answer(stream, 200, GOOD_BODY, toHead);
    case 'closed':
      if (!isAlone) return close(stream, constants.NGHTTP2_INTERNAL_ERROR, 'reset');
      onceAcknowledged(stream, () => tcp?.destroy());
      return 'closed';
    case 'reset':
      if (!isAlone) return close(stream, constants.NGHTTP2_INTERNAL_ERROR, 'reset');
      tcp?.resetAndDestroy();
      return 'reset';
    case 'stalled':
      return 'timeout';
    case 'truncated':
      // An answer to HEAD has no body that could be cut.
      if (toHead) return close(stream, constants.NGHTTP2_INTERNAL_ERROR, 'reset');
      stream.respond({ ':status': 200, 'content-length': GOOD_BODY.length });
      stream.end(GOOD_BODY.slice(0, 5));
      return 'truncated';
    case 'rejected':
      return answer(stream, 503, '', toHead, 'rejected');
    case 'wrong-status':
      return answer(stream, 500, '', toHead, 'failed');
    case 'wrong-body':
      return answer(stream, 200, WRONG_BODY, toHead, 'failed');
    case 'broken-stream':
      return close(stream, constants.NGHTTP2_INTERNAL_ERROR, 'reset');
    case 'refused-stream':
      return close(stream, constants.NGHTTP2_REFUSED_STREAM, 'raced');
  }
}

/** Settings that are acknowledged when nobody reads any more would make an RST of the end of a connection. */
function onceAcknowledged({ session }: ServerHttp2Stream, act: () => void): void {
  if (session?.pendingSettingsAck === true) session.once('localSettings', act);
  else act();
}

function close(stream: ServerHttp2Stream, code: number, outcome: Outcome): Outcome {
  stream.close(code);
  return outcome;
}

function answer(
  stream: ServerHttp2Stream,
  status: number,
  body: string,
  toHead: boolean,
  outcome: Outcome = 'answered',
): Outcome {
  stream.respond({ ':status': status, 'content-length': body.length }, { endStream: toHead || body === '' });
  if (!toHead && body !== '') stream.end(body);
  return outcome;
}
