/**
 * Decodes bodies that came compressed, so that what was expected is compared with what a client reads.
 *
 * Rule: pure, and bounded: a small body that would grow beyond all measure is a problem in words.
 */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** A body may be so large, coded and decoded. */
export const LARGEST_BODY_BYTES = 64 * 1024 * 1024;

const LIMIT = { maxOutputLength: LARGEST_BODY_BYTES };
const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes, LIMIT),
  'x-gzip': (bytes) => gunzipSync(bytes, LIMIT),
  br: (bytes) => brotliDecompressSync(bytes, LIMIT),
  // By the RFC it has a zlib header; many servers leave that out.
  deflate: (bytes) => ((bytes[0] ?? 0) % 16 === 8 ? inflateSync(bytes, LIMIT) : inflateRawSync(bytes, LIMIT)),
};

/** The codings of a Content-Encoding header in the order in which they were applied. */
export function codingsOf(header: string): string[] {
  return header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** The body without its codings, or what is wrong with it; `cut`: it ends too early. */
export function decodedBody(
  codings: readonly string[],
  coded: Buffer,
): { body: Buffer; problem?: never } | { body?: never; problem: string; cut: boolean } {
  let body = coded;
  for (const coding of codings.toReversed()) {
    const decode = DECODERS[coding];
    if (decode === undefined) {
      return { problem: `body: Content-Encoding ${coding} cannot be decoded to check it`, cut: false };
    }
    try {
      body = decode(body);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const problem =
        code === 'ERR_BUFFER_TOO_LARGE'
          ? `body: more than ${LARGEST_BODY_BYTES / 1024 / 1024} MiB when decoded (${coding})`
          : `body: ${coding} cannot be decoded: ${message}`;
      return { problem, cut: code === 'Z_BUF_ERROR' };
    }
  }
  return { body };
}
