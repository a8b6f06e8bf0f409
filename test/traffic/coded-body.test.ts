/** Bodies that came compressed are held against what was expected as a client reads them. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/model/request.ts';
import { BodyCheck } from '../../src/traffic/body.ts';

const TEXT = 'hello\n'.repeat(1000);
const CODED: [string, Buffer][] = [
  ['gzip', gzipSync(TEXT)],
  ['x-gzip', gzipSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['Deflate', deflateRawSync(TEXT)],
  ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
];

function checked(expectation: Expectation, coding: string, bytes: Buffer, raw = false): [string | undefined, boolean] {
  const check = new BodyCheck(expectation, raw);
  // An answer before it leaves nothing behind.
  check.begin();
  check.coding('gzip');
  check.take(Buffer.from('nonsense'), 0, 8);
  check.problem();
  check.begin();
  check.coding(coding);
  const half = Math.floor(bytes.length / 2);
  check.take(bytes, 0, half);
  check.take(bytes, half, bytes.length);
  return [check.problem(), check.isShort()];
}

describe.each(CODED)('a body with Content-Encoding: %s', (coding, bytes) => {
  it.each<[string, Expectation]>([
    ['its text', { body: TEXT }],
    ['a part', { body_includes: 'lo\nhel' }],
    ['its length', { body_bytes: TEXT.length }],
    ['its hash', { body_sha256: createHash('sha256').update(TEXT).digest('hex') }],
  ])('is as expected by %s', (_, expectation) => {
    expect(checked(expectation, coding, bytes)).toEqual([undefined, false]);
  });

  it('is wrong as it would be without', () => {
    expect(checked({ body_includes: 'bye' }, coding, bytes)).toEqual(['body: does not contain "bye"', false]);
  });
});

describe('a coded body', () => {
  it('that is cut is short, one that is broken is wrong', () => {
    const gzip = gzipSync(TEXT);
    expect(checked({ body: TEXT }, 'gzip', gzip.subarray(0, gzip.length - 9))).toEqual([
      'body: gzip cannot be decoded: unexpected end of file',
      true,
    ]);
    expect(checked({ body: TEXT }, 'gzip', Buffer.from('not gzip'))).toEqual([
      'body: gzip cannot be decoded: incorrect header check',
      false,
    ]);
  });

  it('of a coding that is not known cannot be checked', () => {
    expect(checked({ body: TEXT }, 'zstd', gzipSync(TEXT))[0]).toMatch(
      /^body: Content-Encoding zstd cannot be decoded/,
    );
  });

  it('is not decoded beyond measure', () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
    expect(checked({ body_includes: 'x' }, 'gzip', bomb)[0]).toBe('body: more than 64 MiB when decoded (gzip)');
  });

  it('is left alone where nothing is expected, or the bytes on the wire are', () => {
    expect(checked({}, 'gzip', Buffer.from('not gzip'))).toEqual([undefined, false]);
    expect(checked({ body: 'coded' }, 'gzip', Buffer.from('coded'), true)).toEqual([undefined, false]);
    expect(checked({ body_bytes: 0 }, 'gzip', Buffer.alloc(0))).toEqual([undefined, false]);
  });
});
