/**
 * One request on a sentinel's connection and the answer to it, as one observation.
 *
 * Rule: it ends exactly once, and the observation says only what was seen. Deadlines run from the moment when the
 * request was written as a whole: a sentinel that holds a request back waits on purpose.
 */
import type { Expectation } from '../../model/request.ts';
import { BodyCheck, type ByteSink } from '../body.ts';
import type { Deadlines, Observation } from '../client.ts';
import { ResponseParser } from '../http1/parser.ts';

export interface ExchangeOptions {
  expect: Expectation;
  /** Answer header, lower case, that tells which instance answered. */
  identityHeader?: string | undefined;
  deadlines: Deadlines;
  now: () => number;
  /** The request is a HEAD, whose answer has no body. */
  toHead?: boolean;
  /** https: FIN alone is no end of an answer, anyone may have cut it (RFC 9112 9.8). */
  secure?: boolean;
  /** The answer never has to end: no deadline runs after its head. */
  endless?: boolean;
  /** What is expected of the body is what passes over the wire, coded or not. */
  raw?: boolean;
  /** Given each part of the body, besides the check. */
  tap?: (part: Uint8Array) => void;
  /** Given all bytes of the answer as they came. */
  tapRaw?: (part: Uint8Array) => void;
}

export class Exchange {
  readonly seen: Observation;
  readonly parser: ResponseParser;
  readonly body: BodyCheck;
  /** The head of the answer has been read, or none will come. */
  readonly head: Promise<void>;
  readonly ended: Promise<Observation>;
  /** Called when a deadline ran out; the connection is of no use any more. */
  onExpired = (): void => undefined;

  readonly #options: ExchangeOptions;
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the time for the whole answer began to run; undefined while the sentinel waits on purpose. */
  #totalFromMs: number | undefined;
  #tellHead!: () => void;
  #tellEnd!: (seen: Observation) => void;

  constructor(options: ExchangeOptions, connection: number) {
    const nowMs = options.now();
    this.#options = options;
    this.seen = {
      dueMs: nowMs,
      sentMs: nowMs,
      endMs: nowMs,
      connection,
      ending: 'never',
      complete: false,
      bytesWritten: 0,
      bytesRead: 0,
    };
    this.body = new BodyCheck(options.expect, options.raw);
    this.body.begin();
    const sink: ByteSink = {
      take: (bytes, start, end) => {
        this.body.take(bytes, start, end);
        options.tap?.(bytes.subarray(start, end));
      },
      coding: (header) => this.body.coding(header),
    };
    this.parser = new ResponseParser(sink, options.identityHeader);
    this.parser.begin(options.toHead === true);
    this.head = new Promise((resolve) => (this.#tellHead = resolve));
    this.ended = new Promise((resolve) => (this.#tellEnd = resolve));
  }

  /** No more will be observed. */
  get over(): boolean {
    return this.#over;
  }

  /** The request was written as a whole now. */
  written(): void {
    const nowMs = this.#options.now();
    this.seen.writtenMs = nowMs;
    // Written late on purpose: the deadlines count from here.
    this.seen.dueMs = nowMs;
    this.seen.sentMs = nowMs;
    this.#totalFromMs = nowMs;
    if (!this.parser.headRead) this.limit('head');
  }

  /** Lets a deadline run from now; it takes the place of the one before. */
  limit(deadline: 'head' | 'body'): void {
    if (this.#over) return;
    const { headMs, bodyMs, totalMs } = this.#options.deadlines;
    const ownMs = deadline === 'head' ? headMs : bodyMs;
    this.#totalFromMs ??= this.#options.now();
    const leftMs = Math.max(0, totalMs - (this.#options.now() - this.#totalFromMs));
    const name = leftMs < ownMs ? 'total' : deadline;
    clearTimeout(this.#timer);
    // After the sockets were read: what arrived while this process stalled is in time.
    const timer = setTimeout(
      () => setImmediate(() => this.#timer === timer && this.#expire(name)),
      Math.min(ownMs, leftMs),
    );
    this.#timer = timer;
  }

  /** No deadline runs until the next one is set. */
  unlimited(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#totalFromMs = undefined;
  }

  /** Takes bytes of the answer; returns how many belonged to it. */
  take(bytes: Uint8Array): number {
    const nowMs = this.#options.now();
    const hadHead = this.parser.headRead;
    this.seen.firstByteMs ??= nowMs;
    this.#options.tapRaw?.(bytes);
    const taken = this.parser.take(bytes, bytes.length);
    this.seen.bytesRead = (this.seen.bytesRead ?? 0) + taken;
    if (this.parser.problem !== undefined) {
      this.seen.protocolProblem = this.parser.problem;
      this.end('open');
      return bytes.length;
    }
    if (!hadHead && this.parser.headRead) {
      this.#tellHead();
      if (this.#options.endless === true) this.unlimited();
      else if (this.#timer !== undefined) this.limit('body');
    }
    if (this.parser.complete) this.end('open');
    return taken;
  }

  /** Ends it as far as it got; `ending` is how the connection ended. */
  end(ending: Observation['ending'], errno?: string): void {
    if (this.#over) return;
    this.#over = true;
    this.unlimited();
    const { seen, parser, body } = this;
    if (ending === 'fin' && (this.#options.secure !== true || seen.closeNotify === true)) parser.end();
    seen.endMs = this.#options.now();
    seen.ending = ending;
    if (errno !== undefined) seen.errno = errno;
    if (parser.headRead) {
      seen.status = parser.head.status;
      if (parser.head.identity !== undefined) seen.identity = parser.head.identity;
    }
    if (parser.complete && parser.headRead) {
      seen.complete = true;
      const problem = body.problem();
      if (problem !== undefined) seen.bodyProblem = problem;
      if (problem !== undefined && parser.untilClose && body.isShort()) seen.bodyCut = true;
    }
    this.#tellHead();
    this.#tellEnd(seen);
  }

  #expire(deadline: NonNullable<Observation['deadline']>): void {
    this.seen.deadline = deadline;
    this.end('open');
    this.onExpired();
  }
}
