/**
 * Exact quantiles.
 *
 * Rule: nearest rank (ISO 3534-1 and most load tools): the smallest value that at least the share q of all values do
 * not exceed. It is always a value that was measured; nothing is interpolated or put into buckets.
 */

/** The quantile `q` (0 to 1) of ascending values; 0 when there are none. */
export function quantileOf(ascending: ArrayLike<number>, q: number): number {
  if (ascending.length === 0) return 0;
  // The tolerance keeps 0.999 x 1000 from becoming rank 1000 by rounding.
  const rank = Math.max(1, Math.ceil(q * ascending.length - 1e-9));
  return ascending[Math.min(rank, ascending.length) - 1] as number;
}

/** The values of several parts together, ascending. */
export function ascendingOf(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all.sort();
}
