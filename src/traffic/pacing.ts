/**
 * When each arrival of a stream is due, and how many were due by a moment.
 *
 * Rule: due moments are computed from the arrival's number, never added up, so that they are exact after millions of
 * arrivals, and both functions agree to the last bit.
 */

/** Moment at which arrival `seq` is due, ms since the plan's start. */
export function dueMsOf(seq: number, firstDueMs: number, ratePerSecond: number): number {
  return firstDueMs + (seq * 1000) / ratePerSecond;
}

/**
 * Number of arrivals due strictly before `atMs`; it is also the number of the first arrival that is due at `atMs` or
 * later.
 */
export function dueCountBy(atMs: number, firstDueMs: number, ratePerSecond: number): number {
  let count = Math.max(0, Math.ceil(((atMs - firstDueMs) * ratePerSecond) / 1000));
  // The quotient may be off by its last bit; dueMsOf decides.
  while (count > 0 && dueMsOf(count - 1, firstDueMs, ratePerSecond) >= atMs) count -= 1;
  while (dueMsOf(count, firstDueMs, ratePerSecond) < atMs) count += 1;
  return count;
}

/** Number of the arrival that is due at `dueMs`, a value that {@link dueMsOf} gave. */
export function seqOf(dueMs: number, firstDueMs: number, ratePerSecond: number): number {
  return Math.round(((dueMs - firstDueMs) * ratePerSecond) / 1000);
}
