/** HPACK against the examples of RFC 7541, Appendix C, and against what it encodes itself. */
import { describe, expect, it } from 'vitest';
import { encoded, HeaderDecoder } from '../../../src/traffic/http2/hpack.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('the decoder reads the examples of RFC 7541', () => {
  it('C.4: three requests with Huffman coding on one connection', () => {
    const decoder = new HeaderDecoder();
    expect(decoder.decode(bytes('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'))).toEqual([
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ]);
    expect(decoder.decode(bytes('8286 84be 5886 a8eb 1064 9cbf'))).toContainEqual(['cache-control', 'no-cache']);
    expect(decoder.decode(bytes('8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'))).toEqual([
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', '/index.html'],
      [':authority', 'www.example.com'],
      ['custom-key', 'custom-value'],
    ]);
  });

  it('C.3: a request without Huffman coding', () => {
    const block = bytes('8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d');
    expect(new HeaderDecoder().decode(block)).toContainEqual([':authority', 'www.example.com']);
  });

  it('5.1: a number over several bytes, and a table of no size', () => {
    const decoder = new HeaderDecoder();
    const value = 'x'.repeat(1337);
    expect(decoder.decode(bytes('20'))).toEqual([]);
    expect(decoder.decode(Buffer.concat([bytes('4001 61'), bytes('7fba09'), Buffer.from(value)]))).toEqual([
      ['a', value],
    ]);
    // Nothing is remembered in a table of no size.
    expect(() => decoder.decode(bytes('be'))).toThrow(/in no table/);
  });
});

describe('what is ill-formed', () => {
  it.each([
    ['an index beyond all tables', 'ff00'],
    ['index 0', '80'],
    ['text that ends early', '4001 61 05 62'],
    ['wrong padding', '4001 61 81 00'],
    ['a number without an end', 'ffff ffff ffff ffff ffff'],
    ['a table larger than offered', '3fe2ff7f'],
  ])('%s throws', (_, hex) => {
    expect(() => new HeaderDecoder().decode(bytes(hex))).toThrow();
  });
});

it('the decoder reads what is encoded', () => {
  const fields = [
    [':method', 'GET'],
    [':path', '/some?where=1'],
    ['user-agent', 'zerodrop'],
    ['x-own', 'y'.repeat(500)],
  ] as const;
  expect(new HeaderDecoder().decode(encoded(fields))).toEqual(fields);
});
