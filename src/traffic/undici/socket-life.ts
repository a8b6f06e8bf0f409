/**
 * The life of one socket that another library drives: what was seen of it by listening to it.
 *
 * Rule: listening only; nothing is read from the socket, written to it or kept from its owner. No round trip is told: a
 * handshake as a busy event loop notices it may be many times too long, and would make a close look as if it had come
 * too early to be an answer.
 */
import type { Socket } from 'node:net';
import type { Observation } from '../client.ts';
import { endingByError, wasReset } from '../ending.ts';

export class SocketLife {
  readonly #number: number;
  readonly #connectMs: number;
  readonly #now: () => number;
  #socket: Socket | undefined;
  #connectedMs: number | undefined;
  #localPort: number | undefined;
  #fin = false;
  #rst = false;
  #unread = false;
  #uses = 0;
  #idleSinceMs = 0;

  // The request that the socket carries.
  #writtenMs: number | undefined;
  #firstByteMs: number | undefined;
  #bytesWrittenBefore = 0;
  #bytesReadBefore = 0;

  /** A connection attempt begins now. */
  constructor(number: number, now: () => number) {
    this.#number = number;
    this.#now = now;
    this.#connectMs = now();
  }

  /** Whether FIN or RST has come. */
  get isOver(): boolean {
    return this.#fin || this.#rst;
  }

  get isReset(): boolean {
    return this.#rst;
  }

  /**
   * To be called before the owner adds its listeners, so that how it ended is known when the owner tells that it did.
   */
  connected(socket: Socket): void {
    this.#socket = socket;
    this.#connectedMs = this.#now();
    this.#idleSinceMs = this.#connectedMs;
    this.#localPort = socket.localPort;
    socket.on('readable', () => this.#sawBytes(socket));
    socket.on('end', () => this.#sawFin(socket));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#sawError(error));
  }

  /** The owner hands a request to the socket now. */
  writes(): void {
    this.#writtenMs = this.#now();
    this.#firstByteMs = undefined;
    this.#bytesWrittenBefore = this.#socket?.bytesWritten ?? 0;
    this.#bytesReadBefore = this.#socket?.bytesRead ?? 0;
  }

  /** The answer is complete; the socket is idle from now on. */
  rests(): void {
    this.#uses += 1;
    this.#idleSinceMs = this.#now();
    this.#writtenMs = undefined;
  }

  /** Enters what the request that was sent at `seen.sentMs` met here. */
  describe(seen: Observation): void {
    seen.connection = this.#number;
    seen.ending = this.#connectedMs === undefined ? 'never' : this.#rst ? 'rst' : this.#fin ? 'fin' : 'open';
    if (this.#connectMs >= seen.sentMs) seen.connectMs = this.#connectMs;
    if (this.#connectedMs === undefined) return;
    if (this.#connectMs >= seen.sentMs) seen.connectedMs = this.#connectedMs;
    if (this.#localPort !== undefined) seen.localPort = this.#localPort;
    if (this.#writtenMs === undefined || this.#socket === undefined) return;
    seen.writtenMs = this.#writtenMs;
    seen.ageMs = this.#writtenMs - this.#connectedMs;
    seen.idleMs = this.#writtenMs - this.#idleSinceMs;
    seen.uses = this.#uses;
    seen.bytesWritten = this.#socket.bytesWritten - this.#bytesWrittenBefore;
    seen.bytesRead = this.#socket.bytesRead - this.#bytesReadBefore;
    if (this.#firstByteMs !== undefined) seen.firstByteMs = this.#firstByteMs;
    if (this.#unread) seen.unread = true;
  }

  #sawBytes(socket: Socket): void {
    if (this.#writtenMs !== undefined && socket.bytesRead > this.#bytesReadBefore) this.#firstByteMs ??= this.#now();
  }

  #sawFin(socket: Socket): void {
    this.#fin = true;
    if (this.#writtenMs === undefined || !wasReset(socket)) return;
    // What each of these means: see ending.ts.
    if (socket.bytesRead > this.#bytesReadBefore) this.#rst = true;
    else this.#unread = this.#uses > 0;
  }

  #sawError({ code }: NodeJS.ErrnoException): void {
    const { ending } = endingByError(code, { connected: this.#connectedMs !== undefined, finBefore: false });
    this.#rst ||= ending === 'rst';
    // The kernel says EPIPE only for a connection that its peer had closed before.
    this.#unread ||= code === 'EPIPE' && this.#uses > 0;
  }
}
