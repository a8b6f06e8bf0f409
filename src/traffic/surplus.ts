/**
 * How many connections a stream keeps: those that it was given, and as many as it needed at once a moment ago.
 *
 * Rule: what a burst opened is kept for a while, since the next burst is about to need it; opening a connection costs
 * the target and us far more than holding one. Not for long, though: the more connections take turns, the longer each
 * rests, and what rests for longer than a server announces its end is closed unannounced.
 */

/** A connection that was not needed for this long (and at most twice as long) is given up, ms. */
export const KEPT_MS = 100;

export interface Surplus {
  /** So many requests are under way now. */
  busy(count: number): void;
  /**
   * How many connections are to be kept, when it is time to look; undefined otherwise. Call it as often as you like.
   */
  due(nowMs: number): number | undefined;
}

/** Opens the account of a stream that keeps `connections` in any case. */
export function openSurplus(connections: number): Surplus {
  let peak = 0;
  let before = 0;
  let nextMs: number | undefined;
  return {
    busy(count) {
      if (count > peak) peak = count;
    },
    due(nowMs) {
      nextMs ??= nowMs + KEPT_MS;
      if (nowMs < nextMs) return undefined;
      nextMs = nowMs + KEPT_MS;
      const most = Math.max(connections, peak, before);
      before = peak;
      peak = 0;
      return most;
    },
  };
}
