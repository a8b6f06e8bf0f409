/**
 * Holds the body of one answer against what was expected of it, while its bytes pass by.
 *
 * Rule: no byte is kept but of a coded body (gzip, br, deflate), which is decoded at its end. One check serves one
 * connection, answer after answer: `begin`, `coding` where the answer names one, any number of `take`, then `problem`.
 */
import { createHash, type Hash } from 'node:crypto';
import { codingsOf, decodedBody, LARGEST_BODY_BYTES } from '../model/coding.ts';
import type { Expectation } from '../model/request.ts';

/** Takes the bytes of a body as they come; `bytes` is only valid during the call. */
export interface ByteSink {
  take(bytes: Uint8Array, start: number, end: number): void;
  /** The answer has a Content-Encoding; called before the first byte of its body. */
  coding?(header: string): void;
}

/** A check of one body at a time. */
export class BodyCheck implements ByteSink {
  /** Bytes of the body so far. */
  bytes = 0;

  readonly #whole: Buffer | undefined;
  readonly #part: Buffer | undefined;
  readonly #partFallback: Uint32Array | undefined;
  readonly #length: number | undefined;
  readonly #sha256: string | undefined;
  /** Offset of the first byte that differs from the whole body expected; -1 while none does. */
  #differsAt = -1;
  /** Bytes of the expected part matched at this point (Knuth, Morris, Pratt 1977). */
  #partMatched = 0;
  #hash: Hash | undefined;
  /** Content codings of this body, in the order in which they were applied, and its bytes as they came. */
  #codings: string[] = [];
  #coded: Buffer[] = [];
  #decodingCut = false;
  readonly #decodes: boolean;

  /** `raw`: what is expected is what passes over the wire, coded or not. */
  constructor(expect: Expectation, raw = false) {
    const { body, body_includes: part, body_bytes: length, body_sha256: sha256 } = expect;
    this.#decodes = !raw && [body, part, length, sha256].some((expected) => expected !== undefined);
    this.#whole = expect.body === undefined ? undefined : Buffer.from(expect.body);
    this.#part = expect.body_includes === undefined ? undefined : Buffer.from(expect.body_includes);
    this.#partFallback = this.#part === undefined ? undefined : fallbackOf(this.#part);
    this.#length = this.#whole?.length ?? expect.body_bytes;
    this.#sha256 = expect.body_sha256;
  }

  /** Forgets the last body. */
  begin(): void {
    this.bytes = 0;
    this.#differsAt = -1;
    this.#partMatched = 0;
    this.#hash = this.#sha256 === undefined ? undefined : createHash('sha256');
    this.#codings = [];
    this.#coded = [];
    this.#decodingCut = false;
  }

  coding(header: string): void {
    if (this.#decodes) this.#codings = codingsOf(header);
  }

  take(bytes: Uint8Array, start: number, end: number): void {
    if (this.#codings.length > 0) {
      // The buffer that the bytes stand in is used again.
      if (this.bytes < LARGEST_BODY_BYTES) this.#coded.push(Buffer.from(bytes.subarray(start, end)));
      this.bytes += end - start;
      return;
    }
    this.#check(bytes, start, end);
  }

  #check(bytes: Uint8Array, start: number, end: number): void {
    if (this.#whole !== undefined && this.#differsAt < 0) this.#compare(this.#whole, bytes, start, end);
    if (this.#part !== undefined && this.#partFallback !== undefined) {
      this.#seek(this.#part, this.#partFallback, bytes, start, end);
    }
    this.#hash?.update(bytes.subarray(start, end));
    this.bytes += end - start;
  }

  /** What is wrong with the whole body, in words; undefined when it is as expected. To be asked once, at the end. */
  problem(): string | undefined {
    if (this.#codings.length > 0) {
      const decoded = this.#decoded();
      if (decoded.problem !== undefined) {
        this.#decodingCut = decoded.cut;
        return decoded.problem;
      }
      this.#codings = [];
      this.bytes = 0;
      this.#check(decoded.body, 0, decoded.body.length);
    }
    if (this.#differsAt >= 0) return `body: differs from the expected one at byte ${this.#differsAt}`;
    if (this.#length !== undefined && this.bytes !== this.#length) {
      return this.bytes < this.#length
        ? `body: ${this.bytes} of ${this.#length} bytes`
        : `body: ${this.bytes} bytes, expected ${this.#length}`;
    }
    if (this.#part !== undefined && this.#partMatched < this.#part.length) {
      return `body: does not contain ${JSON.stringify(this.#part.toString())}`;
    }
    const digest = this.#hash?.digest('hex');
    return digest === this.#sha256 ? undefined : `body: SHA-256 is ${digest}, expected ${this.#sha256}`;
  }

  /** Whether the body is a beginning of what was expected, and no more: cut rather than wrong. */
  isShort(): boolean {
    if (this.#codings.length > 0) return this.#decodingCut;
    const least = this.#length ?? this.#part?.length ?? 0;
    return this.#differsAt < 0 && this.bytes < least;
  }

  #decoded(): ReturnType<typeof decodedBody> {
    const coded = Buffer.concat(this.#coded);
    this.#coded = [];
    if (coded.length < this.bytes) {
      return { problem: `body: more than ${LARGEST_BODY_BYTES / 1024 / 1024} MiB, too much to decode`, cut: false };
    }
    // An empty body, as of a 204, has nothing to decode.
    return coded.length === 0 ? { body: coded } : decodedBody(this.#codings, coded);
  }

  #compare(whole: Buffer, bytes: Uint8Array, start: number, end: number): void {
    for (let at = start, offset = this.bytes; at < end && offset < whole.length; at++, offset++) {
      if (bytes[at] !== whole[offset]) {
        this.#differsAt = offset;
        return;
      }
    }
  }

  #seek(part: Buffer, fallback: Uint32Array, bytes: Uint8Array, start: number, end: number): void {
    let matched = this.#partMatched;
    for (let at = start; at < end && matched < part.length; at++) {
      while (matched > 0 && part[matched] !== bytes[at]) matched = fallback[matched - 1] as number;
      if (part[matched] === bytes[at]) matched++;
    }
    this.#partMatched = matched;
  }
}

/** For each prefix of `part`, the length of its longest border: where a failed match goes on. */
function fallbackOf(part: Uint8Array): Uint32Array {
  const fallback = new Uint32Array(part.length);
  for (let at = 1, border = 0; at < part.length; at++) {
    while (border > 0 && part[border] !== part[at]) border = fallback[border - 1] as number;
    if (part[border] === part[at]) border++;
    fallback[at] = border;
  }
  return fallback;
}
