/**
 * Chance that can be repeated, for tests that try many forms of something.
 *
 * Rule: the same seed gives the same numbers (mulberry32, public domain).
 */
export interface Random {
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  oneOf<T>(items: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, oneOf: (items) => items[below(items.length)] as (typeof items)[number] };
}
