/**
 * Reads the small words of HTTP/1.1 out of raw bytes: tokens, trimmed values, numbers.
 *
 * Rule: works on a range of a byte array and allocates nothing; -1 stands for "not there" or "not a number".
 */

export const LF = 10;
export const CR = 13;
export const SPACE = 32;
const TAB = 9;
const COMMA = 44;

/** 1 for each byte that may stand in a token (RFC 9110 5.6.2). */
const IS_TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  IS_TOKEN[char.charCodeAt(0)] = 1;
}

/** 1 for each byte that may stand in the value of a field: no control characters but the tab (RFC 9110 5.5). */
const IS_VALUE = new Uint8Array(256).fill(1, SPACE);
IS_VALUE[TAB] = 1;
IS_VALUE[127] = 0;

/** Each byte in lower case (ASCII). */
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

export function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** The first byte from `start` that does not belong to a token. */
export function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && IS_TOKEN[bytes[at] as number] === 1) at++;
  return at;
}

/** Whether each byte of the range may stand in a field's value. */
export function isValue(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (IS_VALUE[bytes[at] as number] === 0) return false;
  return true;
}

/** The first byte from `start` that is no blank. */
export function blanksEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at])) at++;
  return at;
}

/** The end of the range without the blanks at its end. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(bytes[at - 1])) at--;
  return at;
}

/** Whether the range is `word`, given in lower case, in any mixture of cases. */
export function equals(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let at = 0; at < word.length; at++) if (LOWER[bytes[start + at] as number] !== word[at]) return false;
  return true;
}

/** Calls `each` with the range of every member of a comma-separated list. */
export function eachMember(
  bytes: Uint8Array,
  start: number,
  end: number,
  each: (start: number, end: number) => void,
): void {
  for (let at = start; at < end;) {
    let stop = at;
    while (stop < end && bytes[stop] !== COMMA) stop++;
    const from = blanksEnd(bytes, at, stop);
    const to = trimmedEnd(bytes, from, stop);
    if (to > from) each(from, to);
    at = stop + 1;
  }
}

/** The whole range as a decimal number; -1 when it is not one, or beyond what can be counted exactly. */
export function decimalOf(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > 15) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigitOf(byte: number | undefined): number {
  const lower = LOWER[byte ?? 0] as number;
  if (lower >= 48 && lower <= 57) return lower - 48;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The range as text, a character for each byte. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
