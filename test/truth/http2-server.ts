/**
 * A server of raw HTTP/2 frames that commits a known misdeed on known requests, and counts itself.
 *
 * Rule: it counts a request when it has read its END_STREAM, and a misdeed when it commits it. `misdeeds` is a list
 * that is gone through again and again, one entry for each request.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { FLAG, FRAME, frame, FrameReader, PREFACE, words } from '../../src/traffic/http2/frames.ts';
import { encoded } from '../../src/traffic/http2/hpack.ts';
// The server side of TLS over a socket is shared with the truth server of HTTP/1.1.
import { securing } from './tls-below.mjs';

export const BODY = 'hello world!';
const LAST = 2 ** 31 - 1;
const head = (status: number, ...more: [string, string][]): Buffer =>
  encoded([[':status', String(status)], ['x-instance', 'one'], ...more]);

interface Peer {
  write(bytes: Uint8Array): unknown;
  end(): unknown;
  destroy(): unknown;
  resetAndDestroy(): unknown;
  on(event: 'data', act: (bytes: Buffer) => void): unknown;
  on(event: 'close', act: () => void): unknown;
}

const whole = (id: number): Buffer =>
  Buffer.concat([
    frame(FRAME.HEADERS, FLAG.END_HEADERS, id, head(200, ['content-length', String(BODY.length)])),
    frame(FRAME.DATA, FLAG.END_STREAM, id, Buffer.from(BODY)),
  ]);
const rst = (id: number, code: number): Buffer => frame(FRAME.RST_STREAM, 0, id, words(code));
const goaway = (last: number, code = 0): Buffer => frame(FRAME.GOAWAY, 0, 0, words(last, code));
const status = (id: number, code: number): Buffer =>
  frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, head(code));
const part = (id: number): Buffer =>
  Buffer.concat([
    frame(FRAME.HEADERS, FLAG.END_HEADERS, id, head(200, ['content-length', String(BODY.length)])),
    frame(FRAME.DATA, 0, id, Buffer.from(BODY.slice(0, 5))),
  ]);

/** A head in two frames with padding and priority, an interim answer before it, trailers after it. */
function elaborate(id: number): Buffer {
  const block = head(200);
  const padded = Buffer.concat([Buffer.from([3]), words(0), Buffer.from([15]), block.subarray(0, 2), Buffer.alloc(3)]);
  return Buffer.concat([
    frame(FRAME.PING, 0, 0, Buffer.alloc(8)),
    frame(FRAME.HEADERS, FLAG.END_HEADERS, id, encoded([[':status', '103']])),
    frame(FRAME.HEADERS, FLAG.PADDED | FLAG.PRIORITY, id, padded),
    frame(FRAME.CONTINUATION, FLAG.END_HEADERS, id, block.subarray(2)),
    frame(FRAME.DATA, FLAG.PADDED, id, Buffer.concat([Buffer.from([2]), Buffer.from(BODY), Buffer.alloc(2)])),
    frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, encoded([['x-after', '1']])),
  ]);
}

export const ACTS: Readonly<Record<string, (peer: Peer, id: number) => unknown>> = {
  good: (peer, id) => peer.write(whole(id)),
  elaborate: (peer, id) => peer.write(elaborate(id)),
  fin: (peer) => peer.destroy(),
  rst: (peer) => peer.resetAndDestroy(),
  refused: (peer, id) => peer.write(rst(id, 7)),
  cancelled: (peer, id) => peer.write(rst(id, 8)),
  internal: (peer, id) => peer.write(rst(id, 2)),
  'http1-required': (peer, id) => peer.write(rst(id, 13)),
  'no-error-after-answer': (peer, id) => peer.write(Buffer.concat([whole(id), rst(id, 0)])),
  'rst-in-body': (peer, id) => peer.write(Buffer.concat([part(id), rst(id, 2)])),
  'end-in-body': (peer, id) => peer.write(Buffer.concat([part(id), frame(FRAME.DATA, FLAG.END_STREAM, id)])),
  'fin-in-body': (peer, id) => {
    peer.write(part(id));
    peer.end();
  },
  'goaway-below': (peer, id) => {
    peer.write(goaway(Math.max(0, id - 2)));
    peer.end();
  },
  'goaway-then-answer': (peer, id) => peer.write(Buffer.concat([goaway(LAST), goaway(id), whole(id)])),
  'goaway-then-fin': (peer) => {
    peer.write(goaway(LAST));
    peer.end();
  },
  'close-after': (peer, id) => {
    peer.write(whole(id));
    peer.destroy();
  },
  503: (peer, id) => peer.write(status(id, 503)),
  500: (peer, id) => peer.write(status(id, 500)),
  'not-http2': (peer) => peer.write(Buffer.from('x'.repeat(20_000))),
  stall: () => undefined,
};

export interface Http2Misbehaving {
  origin: string;
  /** Requests read, connections accepted, and each misdeed by its name. */
  readonly counts: Record<string, number>;
  close(): Promise<void>;
}

/** `whenRead` is called in place of the misdeeds, with all streams that were read on a connection and not answered. */
export async function startHttp2Server(
  misdeeds: readonly string[],
  tls?: { key: string; cert: string },
  whenRead?: (peer: Peer, ids: number[]) => void,
): Promise<Http2Misbehaving> {
  const counts: Record<string, number> = { requests: 0, connections: 0 };
  const sockets = new Set<Socket>();
  const secure = tls === undefined ? undefined : securing({ ...tls, ALPNProtocols: ['h2'] });
  const server = createServer({ noDelay: true }, (tcp) => {
    counts['connections'] = (counts['connections'] ?? 0) + 1;
    sockets.add(tcp);
    tcp.on('close', () => sockets.delete(tcp)).on('error', () => undefined);
    const peer: Peer = secure?.(tcp) ?? tcp;
    const reader = new FrameReader();
    const ids: number[] = [];
    let preface = 0;
    peer.on('data', (bytes) => {
      const skipped = Math.min(PREFACE.length - preface, bytes.length);
      if (preface === 0) peer.write(frame(FRAME.SETTINGS, 0, 0));
      preface += skipped;
      reader.take(bytes.subarray(skipped), ({ type, flags, stream }) => {
        if (type === FRAME.SETTINGS && (flags & FLAG.ACK) === 0) peer.write(frame(FRAME.SETTINGS, FLAG.ACK, 0));
        if ((type !== FRAME.HEADERS && type !== FRAME.DATA) || (flags & FLAG.END_STREAM) === 0) return;
        ids.push(stream);
        const requests = counts['requests'] ?? 0;
        counts['requests'] = requests + 1;
        if (whenRead !== undefined) return whenRead(peer, ids);
        const misdeed = misdeeds[requests % misdeeds.length] as string;
        counts[misdeed] = (counts[misdeed] ?? 0) + 1;
        ACTS[misdeed]?.(peer, stream);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    counts,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export { goaway, whole };
