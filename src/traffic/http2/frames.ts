/**
 * The frames of HTTP/2 (RFC 9113 4 and 6): read out of bytes in pieces of any size, and written.
 *
 * Rule: no frame is understood here but its borders, padding and priority; a frame that is too long throws.
 */

export const FRAME = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const FLAG = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 32 } as const;

export const SETTING = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_STREAMS: 3,
  INITIAL_WINDOW: 4,
  MAX_FRAME: 5,
} as const;

/** Error codes by number (RFC 9113 7). */
export const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

/** The name of an error code; its number when it has none. */
export function errorName(code: number): string {
  return ERROR_NAMES[code] ?? `error ${code}`;
}

/** The bytes with which a client begins. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const HEAD_BYTES = 9;
/** The longest frame that we take: the default, which we do not change. */
export const LONGEST_FRAME = 16_384;

export interface Frame {
  type: number;
  flags: number;
  stream: number;
  /** Without padding and priority; valid until more bytes are taken. */
  payload: Buffer;
}

/** One frame as bytes. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A payload of 32-bit numbers. */
export function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

/** A SETTINGS frame. */
export function settings(values: Readonly<Record<number, number>>): Buffer {
  const entries = Object.entries(values);
  const bytes = Buffer.alloc(6 * entries.length);
  entries.forEach(([name, value], index) => {
    bytes.writeUInt16BE(Number(name), 6 * index);
    bytes.writeUInt32BE(value, 6 * index + 2);
  });
  return frame(FRAME.SETTINGS, 0, 0, bytes);
}

/** Name and value of each setting of a SETTINGS frame. */
export function settingsOf(payload: Buffer): [name: number, value: number][] {
  const count = Math.floor(payload.length / 6);
  return Array.from({ length: count }, (_, at) => [payload.readUInt16BE(6 * at), payload.readUInt32BE(6 * at + 2)]);
}

/** What a GOAWAY said, in words. */
export function goawayText(last: number, code: number): string {
  return `GOAWAY with last stream ${last === 2 ** 31 - 1 ? '2^31-1' : last} and ${errorName(code)}`;
}

/** Cuts bytes into frames. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0);

  /** Takes bytes, which are copied where they must be kept, and calls `each` for every whole frame. */
  take(bytes: Uint8Array, each: (frame: Frame) => void): void {
    let all = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    this.#held = Buffer.alloc(0);
    while (all.length >= HEAD_BYTES) {
      const length = all.readUIntBE(0, 3);
      if (length > LONGEST_FRAME) throw new Error(`a frame of ${length} bytes, which is more than was offered`);
      if (all.length < HEAD_BYTES + length) break;
      const payload = all.subarray(HEAD_BYTES, HEAD_BYTES + length);
      const [type, flags, stream] = [all[3] as number, all[4] as number, all.readUInt32BE(5) & 0x7fffffff];
      all = all.subarray(HEAD_BYTES + length);
      each({ type, flags, stream, payload: bare(type, flags, payload) });
    }
    this.#held = all;
  }
}

/** The payload without padding and priority. */
function bare(type: number, flags: number, payload: Buffer): Buffer {
  if (type !== FRAME.DATA && type !== FRAME.HEADERS) return payload;
  const padded = (flags & FLAG.PADDED) !== 0;
  const padding = padded ? (payload[0] ?? Infinity) : 0;
  const start = (padded ? 1 : 0) + (type === FRAME.HEADERS && (flags & FLAG.PRIORITY) !== 0 ? 5 : 0);
  if (start + padding > payload.length) throw new Error('a frame is shorter than its padding');
  return payload.subarray(start, payload.length - padding);
}
