/**
 * The header blocks of one connection, put together from HEADERS and CONTINUATION, and decoded in their order.
 *
 * Rule: each is decoded, also that of a stream which has ended for us: the decoder must not miss one.
 */
import { FLAG, FRAME, type Frame } from './frames.ts';
import { HeaderDecoder } from './hpack.ts';
import type { Field } from './static-table.ts';

export interface HeaderBlock {
  stream: number;
  fields: Field[];
  /** Nothing follows it on its stream. */
  isLast: boolean;
}

export class HeaderBlocks {
  readonly #decoder = new HeaderDecoder();
  #open: { stream: number; flags: number; parts: Buffer[] } | undefined;

  /** Takes any frame; returns the block that it ends. Throws when the block is ill-formed or interrupted. */
  take({ type, flags, stream, payload }: Frame): HeaderBlock | undefined {
    if ((this.#open !== undefined) !== (type === FRAME.CONTINUATION)) throw new Error('a header block has no end');
    if (type === FRAME.HEADERS) this.#open = { stream, flags, parts: [] };
    if (this.#open === undefined) return undefined;
    this.#open.parts.push(Buffer.from(payload));
    if ((flags & FLAG.END_HEADERS) === 0) return undefined;
    const { stream: of, flags: first, parts } = this.#open;
    this.#open = undefined;
    const fields = this.#decoder.decode(Buffer.concat(parts));
    return { stream: of, fields, isLast: (first & FLAG.END_STREAM) !== 0 };
  }
}
