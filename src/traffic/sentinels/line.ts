/**
 * One raw connection of a sentinel: bytes go out when the sentinel says so, answers come back in the order of their
 * requests.
 *
 * Rule: nothing is repeated and nothing is hidden. FIN and RST are told apart, and told also when nothing is under way.
 */
import { Socket } from 'node:net';
import type { PlannedRequest } from '../../model/plan.ts';
import type { Deadlines, Observation } from '../client.ts';
import { endingByError, findEnding } from '../ending.ts';
import { requestBytes } from '../http1/request.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';

export interface LineOptions {
  host: string;
  port: number;
  /** The Host header. */
  authority: string;
  identityHeader?: string | undefined;
  deadlines: Deadlines;
  now: () => number;
  nextConnection: () => number;
  /** How long it may still write after the peer's FIN, as a client does that has not heard of it yet, ms; default 0. */
  lingerMs?: number;
}

/** What one request is, beyond what the line knows. */
export type Asked = Pick<ExchangeOptions, 'endless' | 'tap' | 'tapRaw'>;

export class Line {
  readonly number: number;
  readonly connectMs: number;
  /** Resolves when connected, or when that has failed. */
  readonly opened: Promise<void>;
  connectedMs: number | undefined;
  localPort: number | undefined;
  /** How it ended, and when; `open` while it lives. */
  ending: 'open' | 'fin' | 'rst' | 'never' = 'open';
  endedMs: number | undefined;
  errno: string | undefined;
  /** Whole answers that it has carried. */
  uses = 0;
  idleSinceMs: number | undefined;
  /**
   * Called once when the peer has ended the connection, or it has failed; the exchanges under way have ended by then.
   */
  onEnd = (): void => undefined;

  readonly #options: LineOptions;
  readonly #socket: Socket;
  #waiting: Exchange[] = [];
  /** The last request that was written behind another one. */
  #behind: Exchange | undefined;
  #reusable = true;
  #proof: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #lateToConnect = false;

  /** Connects at once. */
  constructor(options: LineOptions) {
    this.#options = options;
    this.number = options.nextConnection();
    this.connectMs = options.now();
    this.#socket = new Socket({ allowHalfOpen: true });
    this.#socket.setNoDelay(true);
    this.opened = new Promise((resolve) => {
      const limit = setTimeout(() => this.#giveUpConnecting(), options.deadlines.connectMs);
      this.#socket.once('connect', () => this.#connected());
      this.#socket.once('connect', resolve).once('close', resolve);
      this.#socket.once('connect', () => clearTimeout(limit)).once('close', () => clearTimeout(limit));
    });
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.on('end', () => this.#finished());
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(error.code ?? 'UNKNOWN'));
    this.#socket.connect({ host: options.host, port: options.port, autoSelectFamily: false });
  }

  /** Connected, not ended, and the last answer did not say that it will be closed. */
  get usable(): boolean {
    return this.isOpen && this.#reusable;
  }

  /** Connected, and neither side has ended it. */
  get isOpen(): boolean {
    return this.connectedMs !== undefined && this.ending === 'open' && !this.#socket.destroyed;
  }

  /** The bytes of a request, as `ask` writes them. */
  encoded(request: PlannedRequest): Buffer {
    return requestBytes(request, this.#options.authority, false);
  }

  /** Writes a whole request now; `ended` of what is returned tells what became of it. */
  ask(request: PlannedRequest, asked: Asked = {}): Exchange {
    const exchange = this.expect(request, asked);
    this.write(this.encoded(request), exchange);
    exchange.written();
    return exchange;
  }

  /** Several whole requests, written in one go. */
  askTogether(requests: readonly PlannedRequest[]): Exchange[] {
    this.#socket.cork();
    const exchanges = requests.map((request) => this.ask(request));
    this.#socket.uncork();
    return exchanges;
  }

  /** Awaits an answer to a request whose bytes are still to be written. */
  expect(request: PlannedRequest, asked: Asked = {}): Exchange {
    const { identityHeader, deadlines, now } = this.#options;
    const exchange = new Exchange(
      { expect: request.expect, toHead: request.method === 'HEAD', identityHeader, deadlines, now, ...asked },
      this.number,
    );
    const { seen } = exchange;
    exchange.onExpired = () => this.destroy();
    const startedMs = now();
    if (this.uses === 0) seen.connectMs = this.connectMs;
    if (this.connectedMs !== undefined) {
      if (this.uses === 0) seen.connectedMs = this.connectedMs;
      seen.ageMs = startedMs - this.connectedMs;
      seen.idleMs = startedMs - (this.idleSinceMs ?? this.connectedMs);
      seen.rttMs = this.connectedMs - this.connectMs;
    }
    seen.uses = this.uses + this.#waiting.length;
    if (this.#waiting.length > 0) this.#behind = exchange;
    if (this.localPort !== undefined) seen.localPort = this.localPort;
    // What the peer has closed already cannot be answered, and what has failed can only be told.
    if (this.ending !== 'open') {
      if (this.ending === 'fin') seen.unread = true;
      if (this.#lateToConnect) seen.deadline = 'connect';
      setImmediate(() => exchange.end(this.ending, this.errno));
    } else {
      this.#waiting.push(exchange);
    }
    return exchange;
  }

  /** Writes bytes of the request that `exchange` stands for. */
  write(bytes: Uint8Array, exchange: Exchange): void {
    exchange.seen.bytesWritten = (exchange.seen.bytesWritten ?? 0) + bytes.length;
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** The connection itself as an observation, when nothing was sent on it that could tell. */
  asSeen(): Observation {
    const endMs = this.endedMs ?? this.#options.now();
    const seen: Observation = {
      dueMs: endMs,
      sentMs: endMs,
      endMs,
      connection: this.number,
      ending: this.ending,
      complete: false,
      uses: this.uses,
    };
    if (this.connectedMs !== undefined) seen.ageMs = endMs - this.connectedMs;
    if (this.localPort !== undefined) seen.localPort = this.localPort;
    if (this.errno !== undefined) seen.errno = this.errno;
    return seen;
  }

  /** Reads nothing until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Gives the connection up without a word; what is under way is not observed any further. */
  destroy(): void {
    clearTimeout(this.#proof);
    clearTimeout(this.#linger);
    this.onEnd = () => undefined;
    for (const exchange of this.#waiting.splice(0)) exchange.end('open');
    this.#socket.destroy();
  }

  #connected(): void {
    this.connectedMs = this.#options.now();
    this.localPort = this.#socket.localPort;
  }

  #read(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const [exchange] = this.#waiting;
      // Nobody asked for these bytes (a 408 on an idle connection, say): no request may follow them.
      if (exchange === undefined) {
        this.#reusable = false;
        return;
      }
      at += exchange.take(bytes.subarray(at));
      if (!exchange.over) continue;
      this.#waiting.shift();
      this.uses += 1;
      this.idleSinceMs = this.#options.now();
      this.#reusable &&= exchange.parser.reusable;
    }
  }

  #finished(): void {
    const [exchange] = this.#waiting;
    if (exchange === undefined) return this.#fail('fin');
    const { seen } = exchange;
    this.ending = 'fin';
    this.endedMs = this.#options.now();
    const cut = {
      bytesRead: seen.bytesRead ?? 0,
      bytesWritten: seen.bytesWritten ?? 0,
      uses: seen.uses ?? 0,
      stoodAlone: exchange !== this.#behind,
    };
    this.#proof = findEnding(this.#socket, cut, seen.rttMs ?? 0, (ending, unread) =>
      this.#fail(ending, undefined, unread),
    );
  }

  #broke(errno: string): void {
    const stood = { connected: this.connectedMs !== undefined, finBefore: this.ending === 'fin' };
    const { ending, unread } = endingByError(errno, stood);
    this.#fail(ending, errno, unread);
  }

  #fail(ending: Line['ending'], errno?: string, unread = false): void {
    clearTimeout(this.#proof);
    if (unread) for (const { seen } of this.#waiting) seen.unread = true;
    this.ending = ending === 'open' ? 'rst' : ending;
    this.endedMs ??= this.#options.now();
    this.errno ??= errno;
    for (const exchange of this.#waiting.splice(0)) exchange.end(ending, errno);
    this.onEnd();
    this.onEnd = () => undefined;
    const { lingerMs = 0 } = this.#options;
    if (ending === 'fin' && lingerMs > 0) this.#linger ??= setTimeout(() => this.#socket.destroy(), lingerMs);
    else this.#socket.destroy();
  }

  #giveUpConnecting(): void {
    this.#lateToConnect = true;
    this.#fail('never');
  }
}
