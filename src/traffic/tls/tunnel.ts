/**
 * TLS between a raw socket of ours and whoever speaks inside: bytes of the wire in, bytes of the answer out.
 *
 * Rule: the socket stays ours, so that FIN, RST and what the kernel took are seen as without TLS. The end of the
 * socket is never passed on to the TLS layer: its own end then means close_notify and nothing else, in TLS 1.2 and 1.3.
 * It never writes on its own after the handshake, such as close_notify in reply: an RST would no longer prove anything
 * about a request.
 */
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** What the tunnel reports. */
export interface TunnelEvents {
  /** The handshake is done; `protocol` is what ALPN agreed upon. */
  secured(protocol: string | undefined): void;
  /** Bytes that came through the tunnel; valid during the call only. */
  bytes(plain: Buffer): void;
  /** The peer sent close_notify. */
  closing(): void;
  /** The handshake failed, or the peer sent another alert. Once. */
  failed(error: NodeJS.ErrnoException): void;
  /** A session that a later connection may resume. */
  session(session: Buffer): void;
}

/** Up to this length, what is written is one record. */
const RECORD_BYTES = 16 * 1024;

export class Tunnel {
  /** The handshake is done. */
  secured = false;
  /** The peer has sent close_notify. */
  closing = false;
  /** A session of an earlier connection was resumed. */
  get resumed(): boolean {
    return this.#secure.isSessionReused();
  }

  readonly #gate: Duplex;
  readonly #secure: TLSSocket;
  /** How often something was handed to the socket. */
  #handed = 0;
  #over = false;

  /** Begins the handshake at once; the socket must be connected. */
  constructor(options: ConnectionOptions, writeRaw: (bytes: Buffer) => void, events: TunnelEvents) {
    this.#gate = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => {
        if (!this.#over) writeRaw(bytes);
        this.#handed += 1;
        // At once: what is written next must not wait for the kernel, which holds no more of it up than without TLS.
        done();
      },
    });
    this.#gate.on('error', () => undefined);
    this.#secure = connect({ ...options, socket: this.#gate });
    this.#secure.on('secureConnect', () => {
      if (this.#over) return;
      this.secured = true;
      events.secured(this.#secure.alpnProtocol === false ? undefined : (this.#secure.alpnProtocol ?? undefined));
    });
    this.#secure.on('data', (plain: Buffer) => {
      if (!this.#over) events.bytes(plain);
    });
    this.#secure.on('end', () => {
      if (this.#over) return;
      this.closing = true;
      events.closing();
    });
    this.#secure.on('session', (session: Buffer) => events.session(session));
    this.#secure.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#over) return;
      this.#over = true;
      events.failed(error);
    });
  }

  /** Takes bytes of the wire. */
  take(bytes: Uint8Array): void {
    // A copy: the caller reads the next bytes into the same place.
    if (!this.#over) this.#gate.push(Buffer.from(bytes));
  }

  /**
   * Sends bytes through the tunnel. Returns whether all of them were handed to the socket by then; `handed` is called
   * later, with an error where they never will be.
   */
  write(plain: Uint8Array, handed: (error?: Error | null) => void): boolean {
    if (this.#over) return false;
    const before = this.#handed;
    this.#secure.write(plain, handed);
    return this.#handed > before && plain.length <= RECORD_BYTES;
  }

  destroy(): void {
    this.#over = true;
    this.#secure.destroy();
    this.#gate.destroy();
  }
}
