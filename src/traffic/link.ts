/**
 * One TCP connection of a client, with or without TLS: bytes out, bytes in, and how it ended.
 *
 * Rule: the same in clear and through TLS. What is said of writing and of the end is about the TCP socket.
 */
import { Socket } from 'node:net';
import type { Security } from './tls/security.ts';
import { Tunnel } from './tls/tunnel.ts';

/** All links read into this buffer: nothing of it is kept. */
const received = Buffer.allocUnsafeSlow(64 * 1024);

export interface LinkTo {
  host: string;
  port: number;
  /** https: how it is secured. */
  security: Security | undefined;
}

export interface LinkEvents {
  /** TCP stands. */
  connected(): void;
  /** Bytes may be written. TLS: `protocol` is what ALPN agreed upon, `resumed` whether a session was resumed. */
  ready(protocol?: string, resumed?: boolean): void;
  /** Valid during the call only. */
  bytes(bytes: Uint8Array): void;
  /** TLS: close_notify came. */
  closing(): void;
  /** The peer ended its side. */
  fin(): void;
  broke(error: NodeJS.ErrnoException): void;
  /** The TLS handshake failed. */
  distrusted(error: NodeJS.ErrnoException): void;
}

export class Link {
  readonly socket: Socket;
  #tunnel: Tunnel | undefined;

  /** Connects at once. */
  constructor({ host, port, security }: LinkTo, events: LinkEvents) {
    const callback = (count: number): boolean => {
      const bytes = received.subarray(0, count);
      if (this.#tunnel === undefined) events.bytes(bytes);
      else this.#tunnel.take(bytes);
      return true;
    };
    // The types lack these options of the constructor: see "new net.Socket([options])".
    const options = { allowHalfOpen: true, noDelay: true, onread: { buffer: received, callback } };
    this.socket = new Socket(options);
    this.socket.on('connect', () => {
      events.connected();
      if (security === undefined) return events.ready();
      const tunnel = new Tunnel(security.options(), (bytes) => void this.socket.write(bytes), {
        secured: (protocol) => events.ready(protocol, tunnel.resumed),
        bytes: (plain) => events.bytes(plain),
        closing: () => events.closing(),
        failed: (error) => events.distrusted(error),
        session: (session) => security.offered(session),
      });
      this.#tunnel = tunnel;
    });
    this.socket.on('end', () => events.fin());
    this.socket.on('error', (error: NodeJS.ErrnoException) => events.broke(error));
    this.socket.connect({ host, port, autoSelectFamily: false });
  }

  /** Writes; returns whether the kernel has taken all of it. Otherwise `taken` is called when it has. */
  write(bytes: Uint8Array, taken: () => void): boolean {
    let now = false;
    const later = (error?: Error | null): void => {
      if (!error && !now) taken();
    };
    const left = this.#tunnel?.write(bytes, later) ?? true;
    if (this.#tunnel === undefined) this.socket.write(bytes, later);
    now = left && this.socket.errored === null && this.socket.writableLength === 0;
    return now;
  }

  destroy(): void {
    this.#tunnel?.destroy();
    this.socket.destroy();
  }
}
