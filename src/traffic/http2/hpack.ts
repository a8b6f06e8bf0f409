/**
 * HPACK, the header compression of HTTP/2 (RFC 7541): encodes without a memory, decodes whatever a peer may send.
 *
 * Rule: a block that cannot be read throws, since all later ones of the connection would be misread.
 */
import { huffmanDecoded } from './huffman.ts';
import { STATIC_TABLE, type Field } from './static-table.ts';

const DEFAULT_TABLE_BYTES = 4096;
/** What an entry takes beyond its text (RFC 7541 4.1). */
const ENTRY_BYTES = 32;

/** A header block of literals that no table remembers, but for what the static table holds as a whole. */
export function encoded(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodedField));
}

function encodedField([name, value]: Field): Buffer {
  const whole = STATIC_TABLE.findIndex((known) => known[0] === name && known[1] === value);
  if (whole >= 0) return integer(whole + 1, 7, 0x80);
  const named = STATIC_TABLE.findIndex((known) => known[0] === name);
  return Buffer.concat([integer(named + 1, 4, 0), ...(named >= 0 ? [] : [text(name)]), text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.length, 7, 0), bytes]);
}

/** A number with a prefix of `bits` bits (RFC 7541 5.1). */
function integer(value: number, bits: number, flags: number): Buffer {
  const most = (1 << bits) - 1;
  if (value < most) return Buffer.from([flags | value]);
  const bytes = [flags | most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Decodes the header blocks of one connection, in their order. */
export class HeaderDecoder {
  #dynamic: Field[] = [];
  #usedBytes = 0;
  #mostBytes = DEFAULT_TABLE_BYTES;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** The fields of a whole block. */
  decode(block: Uint8Array): Field[] {
    this.#bytes = block;
    this.#at = 0;
    const fields: Field[] = [];
    while (this.#at < block.length) {
      const first = block[this.#at] as number;
      if (first >= 0x80) fields.push(this.#known(this.#integer(7)));
      else if (first >= 0x40) fields.push(this.#remember(this.#literal(6)));
      else if (first >= 0x20) this.#resize(this.#integer(5));
      else fields.push(this.#literal(4));
    }
    return fields;
  }

  #literal(bits: number): Field {
    const index = this.#integer(bits);
    const name = index === 0 ? this.#text() : this.#known(index)[0];
    return [name, this.#text()];
  }

  #known(index: number): Field {
    const field =
      index <= STATIC_TABLE.length ? STATIC_TABLE[index - 1] : this.#dynamic[index - STATIC_TABLE.length - 1];
    if (field === undefined) throw new Error(`header field ${index} is in no table`);
    return field;
  }

  #remember(field: Field): Field {
    this.#dynamic.unshift(field);
    this.#usedBytes += field[0].length + field[1].length + ENTRY_BYTES;
    this.#shrink();
    return field;
  }

  #resize(bytes: number): void {
    if (bytes > DEFAULT_TABLE_BYTES) throw new Error(`a header table of ${bytes} bytes was not offered`);
    this.#mostBytes = bytes;
    this.#shrink();
  }

  #shrink(): void {
    while (this.#usedBytes > this.#mostBytes) {
      const [name, value] = this.#dynamic.pop() as Field;
      this.#usedBytes -= name.length + value.length + ENTRY_BYTES;
    }
  }

  #integer(bits: number): number {
    const most = (1 << bits) - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER / 128) throw new Error('a number of a header block is too large');
      if (byte < 128) return value;
    }
  }

  #text(): string {
    const isHuffman = ((this.#bytes[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new Error('a header block ends in mid-text');
    if (isHuffman) return huffmanDecoded(this.#bytes, start, this.#at);
    return Buffer.from(this.#bytes.subarray(start, this.#at)).toString('latin1');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error('a header block ends in mid-number');
    return byte;
  }
}
