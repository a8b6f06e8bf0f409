/**
 * One raw connection of a sentinel, in clear or through TLS: bytes go out when the sentinel says so, answers come back
 * in the order of their requests.
 *
 * Rule: nothing is repeated and nothing is hidden. FIN and RST are told apart, and told also when nothing is under way.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Deadlines, Observation } from '../client.ts';
import { endingByError, findEnding, proofWaitMs } from '../ending.ts';
import { requestBytes } from '../http1/request.ts';
import { Link, type LinkTo } from '../link.ts';
import { handshakeProblem } from '../tls/security.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';

/** How a line behaves, where that is not as usual. */
export interface LineHabits {
  /** How long it may still write after the peer's FIN, as a client does that has not heard of it yet, ms; default 0. */
  lingerMs?: number;
  /** https: the handshake halts when the server has sent its part, until `goOn`. */
  halts?: boolean;
}

export interface LineOptions extends LinkTo, LineHabits {
  /** The Host header. */
  authority: string;
  identityHeader?: string | undefined;
  deadlines: Deadlines;
  now: () => number;
  nextConnection: () => number;
}

/** What one request is, beyond what the line knows. */
export type Asked = Pick<ExchangeOptions, 'endless' | 'raw' | 'tap' | 'tapRaw'>;

export class Line {
  readonly number: number;
  readonly connectMs: number;
  /** Resolves when a request may be written, or when that has failed. */
  readonly opened: Promise<void>;
  /** Resolves when the handshake halts, or when the connection has ended before. */
  readonly halted: Promise<void>;
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
  readonly #link: Link;
  #tellOpened!: () => void;
  #tellHalted!: () => void;
  #connecting: NodeJS.Timeout | undefined;
  #ready = false;
  #securedMs: number | undefined;
  #tlsProblem: string | undefined;
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
    this.opened = new Promise((resolve) => (this.#tellOpened = resolve));
    this.halted = new Promise((resolve) => (this.#tellHalted = resolve));
    this.#limitConnecting();
    this.#link = new Link(options, {
      connected: () => this.#connected(),
      ready: () => this.#beReady(),
      bytes: (bytes, end) => this.#read(bytes.subarray(0, end)),
      closing: () => this.#closing(),
      fin: () => this.#finished(),
      broke: (error) => this.#broke(error.code ?? 'UNKNOWN'),
      distrusted: (error) => {
        this.#tlsProblem = handshakeProblem(error);
        for (const { seen } of this.#waiting) seen.tlsProblem = this.#tlsProblem;
        this.#fail('open');
      },
      ...(options.halts === true ? { halted: () => this.#halt() } : {}),
    });
  }

  /** Lets a halted handshake go on. */
  goOn(): void {
    if (this.ending !== 'open') return;
    this.#limitConnecting();
    this.#link.goOn();
  }

  /** Connected, not ended, and the last answer did not say that it will be closed. */
  get usable(): boolean {
    return this.isOpen && this.#ready && this.#reusable;
  }

  /** Connected, and neither side has ended it. */
  get isOpen(): boolean {
    return this.connectedMs !== undefined && this.ending === 'open' && !this.#link.socket.destroyed;
  }

  /** Why it cannot be used, in words. */
  get trouble(): string {
    if (this.#tlsProblem !== undefined) return this.#tlsProblem;
    const inHandshake = this.connectedMs !== undefined && !this.#ready;
    return (this.errno ?? this.ending) + (inHandshake ? ' in the TLS handshake' : '');
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
    const exchanges = requests.map((request) => this.expect(request));
    const bytes = requests.map((request) => this.encoded(request));
    exchanges.forEach(({ seen }, index) => (seen.bytesWritten = bytes[index]?.length ?? 0));
    if (!this.#link.socket.destroyed) this.#link.write(Buffer.concat(bytes), () => undefined);
    for (const exchange of exchanges) exchange.written();
    return exchanges;
  }

  /** Awaits an answer to a request whose bytes are still to be written. */
  expect(request: PlannedRequest, asked: Asked = {}): Exchange {
    const { identityHeader, deadlines, now } = this.#options;
    const { expect, method } = request;
    const secure = this.#options.security !== undefined;
    const exchange = new Exchange(
      { expect, toHead: method === 'HEAD', identityHeader, deadlines, now, secure, ...asked },
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
      seen.rttMs = this.#rttMs;
      if (!this.#ready) seen.during = 'handshake';
    }
    if (this.uses === 0 && this.#securedMs !== undefined) seen.securedMs = this.#securedMs;
    if (this.#tlsProblem !== undefined) seen.tlsProblem = this.#tlsProblem;
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
    if (this.#link.socket.destroyed) return;
    exchange.seen.bytesWritten = (exchange.seen.bytesWritten ?? 0) + bytes.length;
    this.#link.write(bytes, () => undefined);
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
    this.#link.socket.pause();
  }

  resume(): void {
    this.#link.socket.resume();
  }

  /** Gives the connection up without a word; what is under way is not observed any further. */
  destroy(): void {
    clearTimeout(this.#proof);
    clearTimeout(this.#linger);
    clearTimeout(this.#connecting);
    this.onEnd = () => undefined;
    for (const exchange of this.#waiting.splice(0)) exchange.end('open');
    this.#link.destroy();
    this.#tellAll();
  }

  /** The shortest round trip known: that of the handshake of TCP. */
  get #rttMs(): number {
    return (this.connectedMs ?? this.connectMs) - this.connectMs;
  }

  #tellAll(): void {
    this.#tellHalted();
    this.#tellOpened();
  }

  /** It must be ready in so much time from now. */
  #limitConnecting(): void {
    clearTimeout(this.#connecting);
    this.#connecting = setTimeout(() => this.#giveUpConnecting(), this.#options.deadlines.connectMs);
  }

  #connected(): void {
    this.connectedMs = this.#options.now();
    this.localPort = this.#link.socket.localPort;
  }

  /** The handshake waits on purpose from here on. */
  #halt(): void {
    clearTimeout(this.#connecting);
    this.#tellHalted();
  }

  #beReady(): void {
    clearTimeout(this.#connecting);
    this.#ready = true;
    if (this.#options.security !== undefined) this.#securedMs = this.#options.now();
    this.#tellAll();
  }

  #read(bytes: Uint8Array): void {
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

  /** close_notify: no byte of an answer can follow. FIN or RST is waited for, as long as it could prove something. */
  #closing(): void {
    const [exchange] = this.#waiting;
    for (const { seen } of this.#waiting) seen.closeNotify = true;
    if (exchange === undefined || exchange.parser.untilClose) return this.#fail('fin');
    this.#proof = setTimeout(() => this.#fail('fin'), proofWaitMs(this.#rttMs));
  }

  #finished(): void {
    const [exchange] = this.#waiting;
    // It was told of the end by close_notify.
    if (this.ending !== 'open') return;
    if (exchange === undefined) return this.#fail('fin');
    clearTimeout(this.#proof);
    const { seen } = exchange;
    this.ending = 'fin';
    this.endedMs = this.#options.now();
    const cut = {
      bytesRead: seen.bytesRead ?? 0,
      bytesWritten: seen.bytesWritten ?? 0,
      uses: seen.uses ?? 0,
      stoodAlone: exchange !== this.#behind,
    };
    this.#proof = findEnding(this.#link.socket, cut, seen.rttMs ?? 0, (ending, unread) =>
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
    clearTimeout(this.#connecting);
    if (unread) for (const { seen } of this.#waiting) seen.unread = true;
    this.ending = ending === 'open' ? 'rst' : ending;
    this.endedMs ??= this.#options.now();
    this.errno ??= errno;
    for (const exchange of this.#waiting.splice(0)) exchange.end(ending, errno);
    this.onEnd();
    this.onEnd = () => undefined;
    const { lingerMs = 0 } = this.#options;
    this.#tellAll();
    if (ending === 'fin' && lingerMs > 0) this.#linger ??= setTimeout(() => this.#link.destroy(), lingerMs);
    else this.#link.destroy();
  }

  #giveUpConnecting(): void {
    this.#lateToConnect = true;
    this.#fail(this.connectedMs === undefined ? 'never' : 'open');
  }
}
