/**
 * One HTTP/2 connection with any number of streams under way, and all that is known of it.
 *
 * Rule: nothing is repeated and nothing is guessed. A stream was not processed when the server says so, by GOAWAY with
 * a lower last stream or by REFUSED_STREAM (RFC 9113 6.8 and 8.7); what ends in another way without a whole answer may
 * have been. Flow control is never ours to stall: our windows are as large as they can be.
 */
import { endingByError, findEnding, proofWaitMs } from '../ending.ts';
import { Link } from '../link.ts';
import type { Observation } from '../client.ts';
import { handshakeProblem } from '../tls/security.ts';
import { errorName, FLAG, FRAME, frame, FrameReader, goawayText, settingsOf, type Frame } from './frames.ts';
import { ReceiveFlow, SendFlow } from './flow.ts';
import { cancelling, HELLO, LARGEST_WINDOW, opening } from './hello.ts';
import { HeaderBlocks, type HeaderBlock } from './header-blocks.ts';
import type { Route } from './route.ts';
import { cutOf, Stream, type Exchange } from './stream.ts';

type State = 'connecting' | 'securing' | 'open' | 'proving' | 'gone';

export class Connection {
  /** Unique in the session. */
  readonly number: number;
  readonly streams = new Map<number, Stream>();
  /** When a request was sent on it last, or it was ready for the first. */
  usedMs = 0;

  readonly #route: Route<Connection>;
  readonly #link: Link;
  readonly #reader = new FrameReader();
  readonly #blocks = new HeaderBlocks();
  #state: State = 'connecting';
  /** The request that waits for the connection. */
  #waiting: Exchange | undefined;
  #startedMs: number;
  #connectedMs = 0;
  #idleSinceMs = 0;
  #localPort = 0;
  #nextId = 1;
  #lastStream = Infinity;
  #saidHello = false;
  #greeted = false;
  readonly #flow = new SendFlow();
  readonly #received = new ReceiveFlow();
  #closeNotify = false;
  /** The stream whose request was the last that was written; 0 when it was something else. */
  #lastWritten = 0;
  #proof: NodeJS.Timeout | undefined;

  /** Connects at once; the exchange, if any, goes out as soon as that is done. */
  constructor(route: Route<Connection>, number: number, exchange?: Exchange) {
    this.#route = route;
    this.number = number;
    this.#waiting = exchange;
    this.#startedMs = route.now();
    if (exchange !== undefined) {
      exchange.observation.connectMs = this.#startedMs;
      exchange.observation.ending = 'never';
    }
    this.#link = new Link(route, {
      connected: () => this.#onConnect(),
      ready: (protocol, resumed) => this.#onReady(protocol, resumed),
      bytes: (bytes, end) => this.#onBytes(bytes.subarray(0, end)),
      closing: () => this.#onClosing(),
      fin: () => this.#onFin(),
      broke: (error) => this.#onError(error),
      distrusted: (error) => this.#fail({ tlsProblem: handshakeProblem(error) }, 'open'),
    });
  }

  /** Whether another stream may be opened now. */
  get usable(): boolean {
    return this.#state === 'open' && this.#lastStream === Infinity && this.streams.size < this.#flow.mostStreams;
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  /** Requests under way. */
  get load(): number {
    return this.streams.size + (this.#waiting === undefined ? 0 : 1);
  }

  /** Sends on a stream of its own, at once. */
  send(exchange: Exchange): void {
    const { head, body, answering, now, shortestHandshakeMs } = this.#route;
    const { observation } = exchange;
    const stream = new Stream(this.#nextId, exchange, answering, this.#flow.streamWindow);
    const startedMs = now();
    this.usedMs = startedMs;
    this.streams.set(stream.id, stream);
    this.#nextId += 2;
    observation.idleMs = this.streams.size > 1 ? 0 : startedMs - this.#idleSinceMs;
    observation.ageMs = startedMs - this.#connectedMs;
    Object.assign(observation, { localPort: this.#localPort, rttMs: shortestHandshakeMs });
    stream.limit('head', startedMs, this.#route.deadlines);
    stream.unsent = body;
    const hello = this.#saidHello ? [] : [HELLO];
    this.#saidHello = true;
    const begin = opening(stream.id, head, body.length > 0);
    this.#write(stream, Buffer.concat([...hello, begin, ...this.#flow.framesOf(stream)]));
  }

  /** Ends requests whose deadline has passed. */
  expire(nowMs: number): void {
    if (this.#waiting !== undefined) {
      const { observation } = this.#waiting;
      const { connectMs, totalMs } = this.#route.deadlines;
      const isTotal = nowMs >= observation.dueMs + totalMs;
      if (!isTotal && nowMs < this.#startedMs + connectMs) return;
      return this.#fail({ deadline: isTotal ? 'total' : 'connect' }, this.#state === 'connecting' ? 'never' : 'open');
    }
    const late = this.#state !== 'open' && nowMs >= this.#startedMs + this.#route.deadlines.connectMs;
    if (late && this.load === 0) return this.drop();
    for (const stream of this.streams.values()) {
      if (stream.expiresMs > nowMs || this.#state === 'proving') continue;
      stream.observation.deadline = stream.waitingFor;
      this.#say(cancelling(stream.id));
      this.#end(stream, 'open', nowMs);
    }
  }

  /** Gives the connection up; requests under way are not called back. */
  drop(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    clearTimeout(this.#proof);
    this.#link.destroy();
    this.#route.over(this);
  }

  #onConnect(): void {
    this.#connectedMs = this.#route.now();
    this.#idleSinceMs = this.#connectedMs;
    this.#localPort = this.#link.socket.localPort ?? 0;
    const tookMs = this.#connectedMs - this.#startedMs;
    this.#route.shortestHandshakeMs = Math.min(this.#route.shortestHandshakeMs, tookMs);
    this.#state = 'securing';
    const { observation } = this.#waiting ?? {};
    if (observation === undefined) return;
    Object.assign(observation, { connectedMs: this.#connectedMs, ending: 'open' });
    if (this.#route.security !== undefined) observation.during = 'handshake';
  }

  #onReady(protocol: string | undefined, resumed = false): void {
    if (this.#state === 'gone') return;
    if (this.#route.security !== undefined && protocol !== 'h2') {
      return this.#fail({ tlsProblem: 'TLS: the target does not offer HTTP/2 (h2) by ALPN' }, 'open');
    }
    this.#state = 'open';
    this.#idleSinceMs = this.#route.now();
    this.usedMs = this.#idleSinceMs;
    const exchange = this.#waiting;
    this.#waiting = undefined;
    if (exchange !== undefined) {
      delete exchange.observation.during;
      if (this.#route.security !== undefined) exchange.observation.securedMs = this.#idleSinceMs;
      if (resumed) exchange.observation.resumed = true;
      this.send(exchange);
    } else {
      this.#saidHello = true;
      this.#say(HELLO);
    }
    this.#route.opened(this);
  }

  #onBytes(bytes: Uint8Array): void {
    try {
      this.#reader.take(bytes, (each) => {
        if (this.#state === 'open' || this.#state === 'proving') this.#onFrame(each);
      });
    } catch (error) {
      this.#misspoke((error as Error).message);
    }
  }

  #misspoke(problem: string): void {
    const otherwise = 'the target does not speak HTTP/2: its first frame is not SETTINGS';
    this.#fail({ protocolProblem: this.#greeted ? problem : otherwise }, 'open');
  }

  #onFrame(each: Frame): void {
    const { type, flags, stream: id, payload } = each;
    if (!this.#greeted && type !== FRAME.SETTINGS) return this.#misspoke('');
    const nowMs = this.#route.now();
    const block = this.#blocks.take(each);
    if (block !== undefined) return this.#onHead(block, nowMs);
    const stream = this.streams.get(id);
    switch (type) {
      case FRAME.SETTINGS:
        this.#greeted = true;
        if ((flags & FLAG.ACK) === 0) this.#onSettings(payload);
        return;
      case FRAME.PING:
        if ((flags & FLAG.ACK) === 0) this.#say(frame(FRAME.PING, FLAG.ACK, 0, payload));
        return;
      case FRAME.DATA:
        return this.#onData(stream, flags, payload, nowMs);
      case FRAME.RST_STREAM:
        return this.#onReset(stream, payload.readUInt32BE(0), nowMs);
      case FRAME.GOAWAY:
        return this.#onGoaway(payload.readUInt32BE(0) & LARGEST_WINDOW, payload.readUInt32BE(4), nowMs);
      case FRAME.WINDOW_UPDATE:
        return this.#onWindow(id, stream, payload.readUInt32BE(0) & LARGEST_WINDOW);
    }
  }

  #onSettings(payload: Buffer): void {
    for (const [name, value] of settingsOf(payload)) this.#flow.set(name, value, this.streams.values());
    this.#say(frame(FRAME.SETTINGS, FLAG.ACK, 0));
    this.#sendMore();
  }

  #onHead({ stream: id, fields, isLast }: HeaderBlock, nowMs: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    stream.takeHead(fields, nowMs);
    if (stream.headRead) stream.limit('body', nowMs, this.#route.deadlines);
    if (stream.observation.protocolProblem !== undefined) this.#end(stream, 'open', nowMs);
    else if (isLast) this.#end(stream.complete(), 'open', nowMs);
  }

  #onData(stream: Stream | undefined, flags: number, payload: Buffer, nowMs: number): void {
    const reopening = this.#received.take(payload.length);
    if (reopening !== undefined) this.#say(reopening);
    if (stream === undefined) return;
    stream.takeBody(payload);
    if ((flags & FLAG.END_STREAM) !== 0) this.#end(stream.complete(), 'open', nowMs);
  }

  #onReset(stream: Stream | undefined, code: number, nowMs: number): void {
    if (stream === undefined) return;
    const name = errorName(code);
    if (name !== 'REFUSED_STREAM' || stream.headRead) stream.observation.streamError = name;
    else stream.observation.unprocessed = 'RST_STREAM with REFUSED_STREAM';
    this.#end(stream, 'open', nowMs);
  }

  #onGoaway(last: number, code: number, nowMs: number): void {
    const said = goawayText(last, code);
    this.#lastStream = Math.min(last, this.#lastStream);
    for (const stream of [...this.streams.values()]) {
      stream.observation.goaway = said;
      if (stream.id <= last) continue;
      stream.observation.unprocessed = said;
      this.#end(stream, 'open', nowMs);
    }
    this.#route.over(this);
    this.#leaveWhenDone();
  }

  #onWindow(id: number, stream: Stream | undefined, more: number): void {
    if (id === 0) this.#flow.open(more);
    else if (stream !== undefined) stream.window += more;
    this.#sendMore();
  }

  #sendMore(): void {
    for (const stream of this.streams.values()) {
      const frames = this.#flow.framesOf(stream);
      if (frames.length > 0) this.#write(stream, Buffer.concat(frames));
    }
  }

  /** Writes frames of a request, and notes when the kernel has taken the last of them. */
  #write(stream: Stream, bytes: Buffer): void {
    const { observation } = stream;
    const whole = stream.unsent.length === 0;
    this.#lastWritten = stream.id;
    observation.bytesWritten = (observation.bytesWritten ?? 0) + bytes.length;
    const taken = (error?: Error | null): void => {
      if (!error && whole && this.streams.has(stream.id)) observation.writtenMs ??= this.#route.now();
    };
    if (this.#link.write(bytes, taken)) taken();
    // A write that fails at once was refused by the kernel: it knew of the connection's end before the first byte.
    if (this.#link.socket.errored !== null) observation.unread = true;
  }

  /** Writes a frame that is no request's. */
  #say(bytes: Buffer): void {
    if (this.#state !== 'open') return;
    this.#lastWritten = 0;
    this.#link.write(bytes, () => undefined);
  }

  #onClosing(): void {
    this.#closeNotify = true;
    if (this.#state === 'securing') return;
    if (this.streams.size === 0) return this.drop();
    if (this.#state !== 'open') return;
    this.#proof = setTimeout(() => this.#fail({}, 'fin'), proofWaitMs(this.#route.shortestHandshakeMs));
  }

  #onFin(): void {
    if (this.#state === 'proving' || this.#state === 'gone') return;
    if (this.load === 0) return this.drop();
    clearTimeout(this.#proof);
    this.#state = 'proving';
    this.#route.over(this);
    const cut = cutOf([...this.streams.values()], this.#lastWritten);
    this.#proof = findEnding(this.#link.socket, cut, this.#route.shortestHandshakeMs, (ending, unread) => {
      this.#fail({ ...(ending === 'rst' ? { errno: 'ECONNRESET' } : {}), ...(unread ? { unread } : {}) }, ending);
    });
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.load === 0) return this.drop();
    const stood = { connected: this.#state !== 'connecting', finBefore: this.#state === 'proving' };
    const { ending, unread } = endingByError(error.code, stood);
    const alone = this.streams.size === 1 && unread;
    this.#fail({ errno: error.code ?? 'UNKNOWN', ...(alone ? { unread } : {}) }, ending);
  }

  /** The connection is over for all that is under way on it. */
  #fail(why: Partial<Observation>, ending: Observation['ending']): void {
    const nowMs = this.#route.now();
    const exchange = this.#waiting;
    this.#waiting = undefined;
    const streams = [...this.streams.values()];
    this.drop();
    if (this.#closeNotify) why.closeNotify = true;
    if (exchange !== undefined) {
      Object.assign(exchange.observation, why, { ending, endMs: nowMs });
      this.#route.ended();
      exchange.done(exchange.observation);
    }
    for (const stream of streams) {
      Object.assign(stream.observation, why);
      this.#end(stream, ending, nowMs);
    }
  }

  /** The stream is over: it goes before its observation does, so that a caller may send again at once. */
  #end(stream: Stream, ending: Observation['ending'], nowMs: number): void {
    if (!this.streams.delete(stream.id)) return;
    stream.observation.endMs = nowMs;
    stream.observation.ending = ending;
    this.#idleSinceMs = nowMs;
    if (!this.#route.reuses) this.drop();
    else this.#leaveWhenDone();
    this.#route.ended();
    stream.done(stream.observation);
  }

  /** After GOAWAY, the last answer ends the connection. */
  #leaveWhenDone(): void {
    if (this.#lastStream !== Infinity && this.load === 0) this.drop();
  }
}
