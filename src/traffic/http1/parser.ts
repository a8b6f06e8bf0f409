/**
 * Parses the answers of one HTTP/1.1 connection from raw bytes, in pieces of any size (RFC 9112).
 *
 * Rule: what is ill-formed is said in words (`problem`) and never thrown. A body without a length is complete when the
 * connection ended with FIN (`end`), and never otherwise. Where the bytes are cut into reads makes no difference.
 */
import type { ByteSink } from '../body.ts';
import { ResponseHead } from './head.ts';
import { CR, hexDigitOf, LF } from './octets.ts';

/** Longest head, longest chunk-size line and longest trailer section, bytes. */
export const HEAD_LIMIT_BYTES = 64 * 1024;
const LARGEST_CHUNK_DIGITS = 13;
const SEMICOLON = 59;

type State =
  | 'status'
  | 'fields'
  | 'fixed'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailers'
  | 'until-close'
  | 'done'
  | 'broken';

export class ResponseParser {
  readonly head: ResponseHead;
  /** The head of the final answer has been read. */
  headRead = false;
  /** The body has no length of its own: it ends with the connection. */
  untilClose = false;
  /** What is ill-formed about the answer. */
  problem: string | undefined;

  readonly #body: ByteSink;
  #state: State = 'done';
  #toHead = false;
  /** Bytes left of a body with a length, or of a chunk. */
  #left = 0;
  /** Bytes of lines that still count against the limit. */
  #lineBytes = 0;
  /** The beginning of a line whose end has not come yet. */
  #carry = new Uint8Array(0);
  #carried = 0;

  constructor(body: ByteSink, identityHeader?: string) {
    this.head = new ResponseHead(identityHeader);
    this.#body = body;
  }

  /** Expects one answer. `toHead`: to a HEAD request, so that it has no body whatever it says. */
  begin(toHead: boolean): void {
    this.headRead = false;
    this.untilClose = false;
    this.problem = undefined;
    this.#state = 'status';
    this.#toHead = toHead;
    this.#lineBytes = 0;
    this.#carried = 0;
    this.head.begin();
  }

  /** The answer is whole, as its framing says. */
  get complete(): boolean {
    return this.#state === 'done';
  }

  /** Whether the connection may carry another request after this answer. */
  get reusable(): boolean {
    return this.complete && !this.untilClose && this.head.status !== 101 && this.head.keepsAlive;
  }

  /**
   * Takes `bytes` from 0 to `end`; returns how many belonged to the answer, less than `end` when it was over or
   * ill-formed before.
   */
  take(bytes: Uint8Array, end: number): number {
    let at = 0;
    while (at < end) {
      switch (this.#state) {
        case 'fixed':
        case 'chunk-data': {
          const stop = Math.min(end, at + this.#left);
          this.#body.take(bytes, at, stop);
          this.#left -= stop - at;
          at = stop;
          if (this.#left === 0) this.#state = this.#state === 'fixed' ? 'done' : 'chunk-end';
          break;
        }
        case 'until-close':
          this.#body.take(bytes, at, end);
          return end;
        case 'status':
        case 'fields':
        case 'chunk-size':
        case 'chunk-end':
        case 'trailers':
          at = this.#takeLine(bytes, at, end);
          break;
        case 'done':
        case 'broken':
          return at;
      }
    }
    return at;
  }

  /** The connection ended with FIN. */
  end(): void {
    if (this.#state === 'until-close') this.#state = 'done';
  }

  #takeLine(bytes: Uint8Array, start: number, end: number): number {
    let lineEnd = start;
    while (lineEnd < end && bytes[lineEnd] !== LF) lineEnd++;
    this.#lineBytes += lineEnd - start + 1;
    if (this.#lineBytes > HEAD_LIMIT_BYTES) {
      this.#break(`the head, the trailers or a chunk's size are longer than ${HEAD_LIMIT_BYTES} bytes`);
      return lineEnd;
    }
    if (lineEnd === end) {
      this.#lineBytes -= 1;
      this.#keep(bytes, start, end);
      this.#checkBeginning();
      return end;
    }
    if (this.#carried === 0) {
      this.#readLine(bytes, start, lineEnd);
    } else {
      this.#keep(bytes, start, lineEnd);
      const length = this.#carried;
      this.#carried = 0;
      this.#readLine(this.#carry, 0, length);
    }
    return lineEnd + 1;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#carried + end - start;
    if (length > this.#carry.length) {
      const larger = new Uint8Array(Math.max(256, 2 * length));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    for (let at = start; at < end; at++) this.#carry[this.#carried++] = bytes[at] as number;
  }

  /** Nonsense without a line end must be noticed now: whoever sends it may stay silent from here on. */
  #checkBeginning(): void {
    const length = this.#carried - (this.#carry[this.#carried - 1] === CR ? 1 : 0);
    if (this.#state === 'chunk-end' && length > 0) this.#break('a chunk is longer than its size says');
    if (this.#state === 'status' && !ResponseHead.canStart(this.#carry, 0, length)) {
      this.#break(this.head.takeStatusLine(this.#carry, 0, length) ?? '');
    }
  }

  /** A line ends with CRLF; a lone LF is taken as well, as RFC 9112 2.2 allows. */
  #readLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    const end = lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const empty = end === start;
    switch (this.#state) {
      case 'status':
        if (empty) return;
        this.#state = 'fields';
        return this.#break(this.head.takeStatusLine(bytes, start, end));
      case 'fields':
        return empty ? this.#beginBody() : this.#break(this.head.takeField(bytes, start, end));
      case 'chunk-size':
        return this.#takeChunkSize(bytes, start, end);
      case 'chunk-end':
        if (!empty) return this.#break('a chunk is longer than its size says');
        this.#state = 'chunk-size';
        this.#lineBytes = 0;
        return;
      case 'trailers':
        if (empty) this.#state = 'done';
        return;
      case 'fixed':
      case 'chunk-data':
      case 'until-close':
      case 'done':
      case 'broken':
        return;
    }
  }

  /** The length of a body, by the rules of RFC 9112 6.3. */
  #beginBody(): void {
    const { head } = this;
    if (head.status < 200 && head.status !== 101) {
      this.#state = 'status';
      head.begin();
      return;
    }
    this.headRead = true;
    if (head.coding !== undefined) this.#body.coding?.(head.coding);
    if (this.#toHead || head.status === 101 || head.status === 204 || head.status === 304) {
      this.#state = 'done';
    } else if (head.encoded) {
      if (head.length >= 0) return this.#break('both Content-Length and Transfer-Encoding are given');
      this.#state = head.chunked ? 'chunk-size' : 'until-close';
      this.#lineBytes = 0;
    } else if (head.length >= 0) {
      this.#left = head.length;
      this.#state = head.length === 0 ? 'done' : 'fixed';
    } else {
      this.#state = 'until-close';
    }
    this.untilClose = this.#state === 'until-close';
  }

  #takeChunkSize(bytes: Uint8Array, start: number, end: number): void {
    let size = 0;
    let at = start;
    for (; at < end && hexDigitOf(bytes[at]) >= 0; at++) size = size * 16 + hexDigitOf(bytes[at]);
    const digits = at - start;
    while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++;
    if (digits === 0 || digits > LARGEST_CHUNK_DIGITS || (at < end && bytes[at] !== SEMICOLON)) {
      return this.#break("a chunk's size is not a number");
    }
    this.#left = size;
    this.#state = size === 0 ? 'trailers' : 'chunk-data';
    this.#lineBytes = 0;
  }

  #break(problem: string | undefined): void {
    if (problem === undefined) return;
    this.problem = problem;
    this.#state = 'broken';
  }
}
