/**
 * One TCP connection of a client, with or without TLS: bytes out, bytes in, and how it ended.
 *
 * Rule: the same in clear and through TLS. What is said of writing and of the end is about the TCP socket.
 */
import { Socket } from 'node:net';
import type { Security } from './tls/security.ts';
import { Tunnel } from './tls/tunnel.ts';

/** All links read into this buffer: libuv reads into it and calls us in one go, and nothing of it is kept. */
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
  /** `bytes` from 0 to `end`; valid during the call only. */
  bytes(bytes: Uint8Array, end: number): void;
  /** TLS: close_notify came. */
  closing(): void;
  /** The peer ended its side. */
  fin(): void;
  broke(error: NodeJS.ErrnoException): void;
  /** The TLS handshake failed, or the peer sent another alert. */
  distrusted(error: NodeJS.ErrnoException): void;
  /** TLS: given, the handshake halts when the first bytes of the peer have come, until `goOn`. */
  halted?(): void;
}

export class Link {
  readonly socket: Socket;
  #tunnel: Tunnel | undefined;
  /** What came since the handshake was halted. */
  #held: Buffer[] | undefined;

  /** Connects at once. */
  constructor({ host, port, security }: LinkTo, events: LinkEvents) {
    if (security !== undefined && events.halted !== undefined) this.#held = [];
    const callback = (count: number): boolean => {
      if (this.#held !== undefined) {
        this.#held.push(Buffer.from(received.subarray(0, count)));
        if (this.#held.length === 1) events.halted?.();
      } else if (this.#tunnel === undefined) events.bytes(received, count);
      else this.#tunnel.take(received.subarray(0, count));
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
        bytes: (plain) => events.bytes(plain, plain.length),
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

  /**
   * Writes; returns whether the kernel has taken all of it. `taken` is called later in any case, with an error where it
   * never will.
   */
  write(bytes: Uint8Array, taken: (error?: Error | null) => void): boolean {
    const left = this.#tunnel?.write(bytes, taken) ?? true;
    if (this.#tunnel === undefined) this.socket.write(bytes, taken);
    return left && this.socket.errored === null && this.socket.writableLength === 0;
  }

  /** Lets a halted handshake go on. */
  goOn(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const bytes of held) this.#tunnel?.take(bytes);
  }

  destroy(): void {
    this.#tunnel?.destroy();
    this.socket.destroy();
  }
}
