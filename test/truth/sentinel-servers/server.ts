/**
 * A server that goes through a restart well or badly, and counts what it does to each sentinel's request.
 *
 * Rule: it counts from its own side alone: requests that it has read, ends that it has made. What a conduct does not
 * count did not happen to a sentinel.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../../../src/model/outcome.ts';
import { selfSigned } from '../../../src/processes/certificate.ts';
import { securing } from '../tls-below.mjs';

/** One request that was read as a whole. */
export interface Call {
  socket: Socket;
  head: string;
  body: string;
  /** The signal had been given when it came. */
  late: boolean;
  answer(body: string, headers?: string): void;
}

export interface Conduct {
  /** Requests of each sentinel that must be under way before the signal is given; default 0. */
  underWayEach?: number;
  /** Connections that each sentinel holds then; default 1. */
  openEach?: number;
  /** A connection was accepted. */
  connected?(socket: Socket, house: House): void;
  /** A whole request came. */
  called(call: Call, house: House): void;
  /** The restart begins. */
  signalled(house: House): void;
  /** Its successor is ready, and it leaves. */
  left?(house: House): void;
}

/** The server as its conduct sees it. */
export interface House {
  readonly signalled: boolean;
  readonly left: boolean;
  /** Requests that came so far. */
  readonly calls: number;
  readonly sockets: ReadonlySet<Socket>;
  /** Requests that were read and not answered. */
  readonly pending: ReadonlySet<Call>;
  /** Enters what it does to a sentinel. */
  did(outcome: Outcome, times?: number): void;
  /** No connection is accepted from here on. */
  shut(): void;
}

export interface TruthServer {
  readonly origin: string;
  /** https: what is to be trusted, as PEM. */
  readonly ca?: string;
  /** What it did, by the outcome that this must have. */
  readonly account: Partial<Record<Outcome, number>>;
  /** Resolves when so many sentinels are where they should be at the signal, as far as the server can see. */
  ready(sentinels: number): Promise<void>;
  signal(): void;
  leave?(): void;
  close(): Promise<void>;
}

/** Starts a server that behaves so; through TLS, what is done to a socket is still done to that of TCP. */
export async function startTruthServer(conduct: Conduct, secured = false): Promise<TruthServer> {
  const certified = secured ? selfSigned() : undefined;
  const secure = certified === undefined ? undefined : securing(certified);
  const open = new Set<Socket>();
  const sockets = new Set<Socket>();
  const pending = new Set<Call>();
  const account: Partial<Record<Outcome, number>> = {};
  const house = {
    signalled: false,
    left: false,
    calls: 0,
    sockets,
    pending,
    did: (outcome: Outcome, times = 1): void => void (account[outcome] = (account[outcome] ?? 0) + times),
    shut: () => void server.close(),
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (tcp) => {
    open.add(tcp);
    tcp.on('close', () => open.delete(tcp));
    const socket = secure === undefined ? tcp : (secure(tcp) as unknown as Socket);
    // Before the end of the handshake has been read, the kernel would answer a close by RST.
    if (secured) socket.once('secure', () => sockets.add(socket));
    else sockets.add(socket);
    let text = '';
    socket
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
      .on('end', () => socket.end());
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        const bodyBytes = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
        if (text.length < end + 4 + bodyBytes) return;
        const body = text.slice(end + 4, end + 4 + bodyBytes);
        text = text.slice(end + 4 + bodyBytes);
        const call: Call = {
          socket,
          head,
          body,
          late: house.signalled,
          answer(answered, headers = '') {
            pending.delete(call);
            socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${answered.length}\r\n${headers}\r\n${answered}`);
          },
        };
        pending.add(call);
        house.calls += 1;
        conduct.called(call, house);
      }
    });
    conduct.connected?.(socket, house);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `${secured ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...(certified === undefined ? {} : { ca: certified.cert }),
    account,
    ready: (sentinels) =>
      until(
        () =>
          sockets.size === sentinels * (conduct.openEach ?? 1) &&
          pending.size >= sentinels * (conduct.underWayEach ?? 0),
      ),
    signal() {
      house.signalled = true;
      conduct.signalled(house);
    },
    leave() {
      house.left = true;
      conduct.left?.(house);
    },
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined;
      if (server.listening) server.close();
      for (const tcp of open) tcp.destroy();
      await closed;
    },
  };
}

/** Slow enough for a survey that asks for something slow. */
export const SLOW_MS = 60;

/** Resolves when it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5);
}
