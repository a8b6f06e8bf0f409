/**
 * tls: the handshake is half done when the signal comes: the server has sent its part and waits for the client's. It
 * must complete 10 to 200 ms later and its request be answered, unless the connection was closed cleanly before.
 *
 * Rule: the certificate is not checked; whom one speaks to is not the question here.
 */
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { PlannedRequest } from '../../model/plan.ts';
import type { Observation } from '../client.ts';
import { requestBytes } from '../http1/request.ts';
import { Exchange } from './exchange.ts';
import type { LineOptions } from './line.ts';
import type { Post, Scout, Sentinel, SentinelKind, Survey } from './sentinel.ts';
import { surveyOf } from './survey.ts';
import { sweptMs } from './sweep.ts';

const FIRST_MS = 10;
const LAST_MS = 200;

export const tls: SentinelKind = { name: 'tls', scheme: 'https:', survey, open: openTls };

async function survey(scout: Scout): Promise<Survey> {
  const line = new TlsLine(scout.to, scout.request);
  await line.halfDone;
  line.goOn();
  const seen = await line.exchange.ended;
  line.destroy();
  return surveyOf(scout, seen);
}

function openTls(post: Post): Sentinel {
  const line = new TlsLine(post.to, post.request);
  post.owned(() => line.destroy());
  return {
    async place() {
      await line.halfDone;
      if (line.exchange.over) {
        return `the TLS handshake did not begin (${line.exchange.seen.errno ?? line.exchange.seen.ending})`;
      }
      void line.exchange.ended.then((seen) => {
        if (!line.released && seen.ending === 'fin') {
          post.excuse(line, 'closed by the server in mid-handshake, before a request was sent');
        } else post.settle(seen, line.secured ? {} : { note: 'in mid-handshake' });
      });
      return undefined;
    },
    phase(phase) {
      // After the sockets have been read: an end that is there already came in mid-handshake, however late we look.
      if (phase === 'signalled') {
        post.after(FIRST_MS + sweptMs(post, LAST_MS - FIRST_MS), () => setImmediate(() => line.goOn()));
      }
    },
  };
}

/** One TLS connection whose handshake halts after the server's first flight. */
class TlsLine {
  readonly exchange: Exchange;
  /** Resolves when the server's first bytes have come, or when that has failed. */
  readonly halfDone: Promise<void>;
  released = false;
  secured = false;

  readonly #tcp: Socket;
  readonly #gate: Duplex;
  readonly #secure: TLSSocket;
  #held: Buffer[] = [];

  constructor(options: LineOptions, request: PlannedRequest) {
    const { host, port, authority, identityHeader, deadlines, now } = options;
    const name = authority.replace(/:\d+$/, '');
    this.exchange = new Exchange({ expect: request.expect, identityHeader, deadlines, now }, options.nextConnection());
    const { seen } = this.exchange;
    seen.connectMs = now();
    seen.uses = 0;
    this.exchange.onExpired = () => this.destroy();
    this.exchange.limit('head');
    this.#tcp = connect({ host, port, noDelay: true, allowHalfOpen: true });
    this.#gate = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => void this.#tcp.write(bytes, () => done()),
    });
    this.#secure = connectTls({
      socket: this.#gate,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(/^[\d.[\]:]+$/.test(name) ? {} : { servername: name }),
    });
    this.halfDone = new Promise((resolve) => {
      this.#tcp.once('data', () => resolve());
      void this.exchange.ended.then(() => resolve());
    });
    this.#tcp.once('connect', () => {
      seen.connectedMs = now();
      seen.rttMs = seen.connectedMs - (seen.connectMs ?? seen.connectedMs);
      if (this.#tcp.localPort !== undefined) seen.localPort = this.#tcp.localPort;
    });
    this.#tcp.on('data', (bytes: Buffer) => {
      // It waits on purpose from here on.
      if (!this.released) this.exchange.unlimited();
      if (this.released) this.#gate.push(bytes);
      else this.#held.push(bytes);
    });
    this.#tcp.on('end', () => {
      if (this.released) this.#gate.push(null);
      else this.exchange.end('fin');
    });
    this.#tcp.on('error', (error: NodeJS.ErrnoException) =>
      this.exchange.end(seen.connectedMs === undefined ? 'never' : 'rst', error.code ?? 'UNKNOWN'),
    );
    this.#gate.on('error', () => undefined);
    this.#secure.once('secureConnect', () => {
      this.secured = true;
      const bytes = requestBytes(request, authority, true);
      seen.bytesWritten = bytes.length;
      this.#secure.write(bytes);
      this.exchange.written();
    });
    this.#secure.on('data', (bytes: Buffer) => {
      if (!this.exchange.over) this.exchange.take(bytes);
    });
    this.#secure.on('end', () => this.exchange.end('fin'));
    this.#secure.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.secured && !this.exchange.over && !this.#tcp.readableEnded) {
        seen.protocolProblem = `the TLS handshake failed: ${error.message}`;
      }
      this.exchange.end('fin', error.code);
    });
  }

  /** Lets the handshake go on, and the request follow it. */
  goOn(): void {
    if (this.released || this.exchange.over) return;
    this.released = true;
    this.exchange.limit('head');
    for (const bytes of this.#held.splice(0)) this.#gate.push(bytes);
  }

  asSeen(): Observation {
    return this.exchange.seen;
  }

  destroy(): void {
    this.exchange.unlimited();
    this.#secure.destroy();
    this.#gate.destroy();
    this.#tcp.destroy();
  }
}
