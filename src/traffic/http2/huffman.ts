/**
 * Decodes the Huffman code of HPACK (RFC 7541, Appendix B).
 *
 * Rule: the code is canonical, so the lengths of its codes say all of it. What is ill-formed throws: a header block
 * that cannot be read makes the whole connection unreadable.
 */

/** Length of the code of each byte: a is 5 bits, z is 30. */
const LENGTHS =
  'isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf' +
  'ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix' +
  'prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs' +
  'vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv';
const SHORTEST = 5;
const LONGEST = 30;

/** Bytes in the order of their codes, and for each length the first code and where its bytes begin. */
const BYTES: number[] = [];
const FIRST_CODE: number[] = [];
const FIRST_AT: number[] = [];
const COUNT: number[] = [];
for (let length = SHORTEST, code = 0; length <= LONGEST; length++) {
  FIRST_CODE[length] = code;
  FIRST_AT[length] = BYTES.length;
  for (let byte = 0; byte < 256; byte++) if (LENGTHS.charCodeAt(byte) - 97 + SHORTEST === length) BYTES.push(byte);
  const count = BYTES.length - (FIRST_AT[length] as number);
  COUNT[length] = count;
  code = (code + count) << 1;
}

/** The text of a Huffman-coded string, a character for each byte. */
export function huffmanDecoded(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let code = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | (((bytes[at] as number) >> bit) & 1);
      length += 1;
      if (length > LONGEST) throw new Error('a Huffman code is longer than 30 bits');
      if (length < SHORTEST) continue;
      const offset = code - (FIRST_CODE[length] as number);
      if (offset < 0 || offset >= (COUNT[length] as number)) continue;
      text += String.fromCharCode(BYTES[(FIRST_AT[length] as number) + offset] as number);
      code = 0;
      length = 0;
    }
  }
  // The rest of the last byte is filled with ones, the beginning of the end-of-string code.
  if (length > 7 || code !== (1 << length) - 1) throw new Error('the padding of a Huffman code is wrong');
  return text;
}
