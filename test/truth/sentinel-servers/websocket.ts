/** WebSocket servers that send their clients away properly, or not. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Outcome } from '../../../src/model/outcome.ts';
import { selfSigned } from '../../../src/processes/certificate.ts';
import { until, type TruthServer } from './server.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;

/** How the server ends its WebSockets at the signal. */
export interface Farewell {
  outcome: Outcome;
  /** Code of the close frame; none is sent when it is absent. */
  code?: number;
  /** Then, at once, its side of the connection. */
  end?: 'fin' | 'rst';
  /** Nobody listens afterwards. */
  shut?: boolean;
  /** It stays open but answers nothing any more. */
  mute?: boolean;
}

/** An echo server that says farewell so. */
export async function startWebSocketServer(farewell: Farewell, secured = false): Promise<TruthServer> {
  const certified = secured ? selfSigned() : undefined;
  const open = new Set<Socket>();
  const account: TruthServer['account'] = {};
  let muted = false;
  const decline: RequestListener = (_request, answer) => answer.writeHead(426).end();
  const server = certified === undefined ? createServer(decline) : createSecureServer(certified, decline);
  /** TCP sockets by the client's port: TLS does not pass a reset on. */
  const below = new Map<number | undefined, Socket>();
  server.on('connection', (tcp: Socket) => below.set(tcp.remotePort, tcp));
  server.on('upgrade', (request, tcp: Socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    tcp.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ` +
        `${accept}\r\n\r\n`,
    );
    open.add(tcp);
    let received = Buffer.alloc(0);
    tcp
      .on('error', () => undefined)
      .on('end', () => tcp.end())
      .on('close', () => open.delete(tcp));
    tcp.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      for (let frame = frameOf(received); frame !== undefined; frame = frameOf(received)) {
        received = received.subarray(frame.bytes);
        if (frame.opcode === TEXT && !muted) tcp.write(framed(TEXT, frame.payload));
        if (frame.opcode === CLOSE) tcp.end();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `${secured ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...(certified === undefined ? {} : { ca: certified.cert }),
    account,
    ready: (sentinels) => until(() => open.size === sentinels),
    signal() {
      account[farewell.outcome] = open.size;
      muted = farewell.mute === true;
      if (farewell.shut === true) server.close();
      for (const tcp of open) {
        if (farewell.code !== undefined) {
          tcp.write(framed(CLOSE, Buffer.from([farewell.code >> 8, farewell.code & 255])));
        }
        if (farewell.end === 'fin') tcp.destroy();
        if (farewell.end === 'rst') below.get(tcp.remotePort)?.resetAndDestroy();
      }
    },
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined;
      if (server.listening) server.close();
      for (const tcp of open) tcp.destroy();
      await closed;
    },
  };
}

/** A short frame of a client, unmasked (RFC 6455 5.2). */
function frameOf(bytes: Buffer): { opcode: number; payload: Buffer; bytes: number } | undefined {
  const length = (bytes[1] ?? 0) & 127;
  if (bytes.length < 6 + length) return undefined;
  const mask = bytes.subarray(2, 6);
  const payload = Buffer.from(bytes.subarray(6, 6 + length).map((byte, at) => byte ^ (mask[at % 4] as number)));
  return { opcode: (bytes[0] as number) & 15, payload, bytes: 6 + length };
}

function framed(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([128 | opcode, payload.length]), payload]);
}
