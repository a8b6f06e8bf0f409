/**
 * What the status line and the headers of one answer say, line by line.
 *
 * Rule: only what decides about framing, reuse and identity is kept; the rest is checked for its form and forgotten.
 * Each method returns what is wrong with a line in words, or undefined.
 */
import {
  blanksEnd,
  decimalOf,
  eachMember,
  equals,
  isBlank,
  isValue,
  SPACE,
  textOf,
  tokenEnd,
  trimmedEnd,
} from './octets.ts';

const COLON = 58;
const SLASH_VERSION = Buffer.from('http/1.');
const CONTENT_LENGTH = Buffer.from('content-length');
const TRANSFER_ENCODING = Buffer.from('transfer-encoding');
const CONTENT_ENCODING = Buffer.from('content-encoding');
const CONNECTION = Buffer.from('connection');
const CHUNKED = Buffer.from('chunked');
const CLOSE = Buffer.from('close');
const KEEP_ALIVE = Buffer.from('keep-alive');

type Field = 'none' | 'other' | 'content-length' | 'content-encoding' | 'transfer-encoding' | 'connection' | 'identity';

export class ResponseHead {
  status = 0;
  /** Content-Length, or -1. */
  length = -1;
  /** Transfer-Encoding was there, and whether chunked is the last coding. */
  encoded = false;
  chunked = false;
  identity: string | undefined;
  /** Content-Encoding, such as gzip. */
  coding: string | undefined;

  readonly #identityHeader: Uint8Array | undefined;
  #minorVersion = 1;
  #saysClose = false;
  #saysKeepAlive = false;
  /** The last field, which a folded line goes on with. */
  #field: Field = 'none';

  /** `identityHeader` is in lower case. */
  constructor(identityHeader?: string) {
    this.#identityHeader = identityHeader === undefined ? undefined : Buffer.from(identityHeader, 'latin1');
  }

  /** Forgets the last head. */
  begin(): void {
    this.status = 0;
    this.length = -1;
    this.encoded = false;
    this.chunked = false;
    this.identity = undefined;
    this.coding = undefined;
    this.#saysClose = false;
    this.#saysKeepAlive = false;
    this.#field = 'none';
  }

  /**
   * Whether the connection may carry another request, as RFC 9112 9.3 says: the default of 1.1 is yes, that of 1.0 is
   * no.
   */
  get keepsAlive(): boolean {
    return !this.#saysClose && (this.#minorVersion > 0 || this.#saysKeepAlive);
  }

  /** Whether the bytes can be the beginning of a status line. */
  static canStart(bytes: Uint8Array, start: number, end: number): boolean {
    const known = Math.min(end - start, SLASH_VERSION.length);
    return equals(bytes, start, start + known, SLASH_VERSION.subarray(0, known));
  }

  /** Reads `HTTP/1.1 200 OK`; the reason may be missing. */
  takeStatusLine(bytes: Uint8Array, start: number, end: number): string | undefined {
    const minor = (bytes[start + 7] as number) - 48;
    const status = decimalOf(bytes, start + 9, start + 12);
    if (
      end - start < 12 ||
      !ResponseHead.canStart(bytes, start, end) ||
      (minor !== 0 && minor !== 1) ||
      bytes[start + 8] !== SPACE ||
      status < 100 ||
      (end - start > 12 && bytes[start + 12] !== SPACE) ||
      !isValue(bytes, start, end)
    ) {
      return `the answer does not begin with an HTTP/1.1 status line but with ${quoted(bytes, start, end)}`;
    }
    this.#minorVersion = minor;
    this.status = status;
    return undefined;
  }

  /** Reads one field line, or one that goes on with the field before (obs-fold, RFC 9112 5.2). */
  takeField(bytes: Uint8Array, start: number, end: number): string | undefined {
    let from = start;
    const folded = isBlank(bytes[start]);
    if (folded) {
      if (this.#field === 'none') return 'the first header is a folded line';
    } else {
      const colon = tokenEnd(bytes, start, end);
      if (colon === start || bytes[colon] !== COLON) return `a header has no valid name: ${quoted(bytes, start, end)}`;
      this.#field = this.#fieldOf(bytes, start, colon);
      from = colon + 1;
    }
    if (!isValue(bytes, from, end)) return `a header holds a control character: ${quoted(bytes, start, end)}`;
    const valueStart = blanksEnd(bytes, from, end);
    return this.#takeValue(bytes, valueStart, trimmedEnd(bytes, valueStart, end), folded);
  }

  #fieldOf(bytes: Uint8Array, start: number, end: number): Field {
    if (equals(bytes, start, end, CONTENT_LENGTH)) return 'content-length';
    if (equals(bytes, start, end, CONTENT_ENCODING)) return 'content-encoding';
    if (equals(bytes, start, end, CONNECTION)) return 'connection';
    if (equals(bytes, start, end, TRANSFER_ENCODING)) return 'transfer-encoding';
    if (this.#identityHeader !== undefined && equals(bytes, start, end, this.#identityHeader)) return 'identity';
    return 'other';
  }

  #takeValue(bytes: Uint8Array, start: number, end: number, folded: boolean): string | undefined {
    switch (this.#field) {
      case 'content-length':
        if (folded && start === end) return undefined;
        if (this.length >= 0) return 'Content-Length is given more than once';
        this.length = decimalOf(bytes, start, end);
        return this.length < 0 ? `Content-Length is not a number: ${quoted(bytes, start, end)}` : undefined;
      case 'content-encoding':
        this.coding = [this.coding, textOf(bytes, start, end)].filter((text) => text !== undefined).join(',');
        return undefined;
      case 'transfer-encoding':
        this.encoded = true;
        eachMember(bytes, start, end, (from, to) => {
          this.chunked = equals(bytes, from, to, CHUNKED);
        });
        return undefined;
      case 'connection':
        eachMember(bytes, start, end, (from, to) => {
          if (equals(bytes, from, to, CLOSE)) this.#saysClose = true;
          if (equals(bytes, from, to, KEEP_ALIVE)) this.#saysKeepAlive = true;
        });
        return undefined;
      case 'identity':
        this.identity = folded ? `${this.identity} ${textOf(bytes, start, end)}` : textOf(bytes, start, end);
        return undefined;
      case 'other':
      case 'none':
        return undefined;
    }
  }
}

/** The beginning of a line as it may be shown to a person. */
function quoted(bytes: Uint8Array, start: number, end: number): string {
  const shown = 40;
  return JSON.stringify(textOf(bytes, start, Math.min(end, start + shown))) + (end - start > shown ? '...' : '');
}
