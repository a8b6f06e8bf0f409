/**
 * The law of pacing: when each arrival of a stream is due, and how many were due by a moment.
 *
 * Rule: it stands here only; sending, judging and reports use it alike. Due moments are computed from the arrival's
 * number, never added up, so that they are exact after millions of arrivals, and all functions agree to the last bit.
 */

/** How a stream is paced. Moments are ms since the plan's start. */
export interface Pace {
  /** When arrival 0 is due. */
  readonly firstDueMs: number;
  readonly ratePerSecond: number;
}

/** Moment at which arrival `seq` is due. */
export function dueMsOf({ firstDueMs, ratePerSecond }: Pace, seq: number): number {
  return firstDueMs + (seq * 1000) / ratePerSecond;
}

/**
 * Number of arrivals due strictly before `atMs`; it is also the number of the first arrival that is due at `atMs` or
 * later.
 */
export function dueCountBy(pace: Pace, atMs: number): number {
  let count = Math.max(0, Math.ceil(((atMs - pace.firstDueMs) * pace.ratePerSecond) / 1000));
  // The quotient may be off by its last bit; dueMsOf decides.
  while (count > 0 && dueMsOf(pace, count - 1) >= atMs) count -= 1;
  while (dueMsOf(pace, count) < atMs) count += 1;
  return count;
}

/** Number of the arrival that is due at `dueMs`, a value that {@link dueMsOf} gave. */
export function seqOf({ firstDueMs, ratePerSecond }: Pace, dueMs: number): number {
  return Math.round(((dueMs - firstDueMs) * ratePerSecond) / 1000);
}
