/**
 * How long an old instance gave to what it was answering, beside how long an answer takes: the mistake of a shutdown
 * that waits too short, or not at all, in two numbers.
 *
 * Rule: from the moment at which it no longer accepted until it was gone; and the slowest stream's 99th percentile in
 * quiet time.
 */
import { quantileOf } from '../../model/quantile.ts';
import type { Evidence, RestartFacts } from './evidence.ts';

export interface Patience {
  /** The longest time that an old instance gave to what it was answering. */
  givenMs: number;
  /** What the slowest kind of request takes when nothing restarts. */
  neededMs: number;
}

/** Less than this too short may be an error of measurement. */
const CLEARLY_MS = 50;

/** Both times, when what was given in these restarts is clearly less than what was needed. */
export function impatienceIn(
  { latencies }: Pick<Evidence, 'latencies'>,
  restarts: readonly RestartFacts[],
): Patience | undefined {
  const given = restarts.flatMap(
    ({
      window: {
        restart: { moments },
      },
    }) => {
      const { 'not-accepting': closedMs, gone: goneMs } = moments;
      return closedMs === undefined || goneMs === undefined ? [] : [Math.max(0, goneMs - closedMs)];
    },
  );
  if (given.length < restarts.length) return undefined;
  const givenMs = Math.max(...given);
  const neededMs = Math.max(0, ...[...latencies.values()].map(({ quietUs }) => quantileOf(quietUs, 0.99) / 1000));
  return neededMs - givenMs > CLEARLY_MS ? { givenMs, neededMs } : undefined;
}
