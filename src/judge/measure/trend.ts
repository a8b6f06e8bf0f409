/**
 * The trend of a figure over the restarts.
 *
 * Rule: robust: a few odd values do not bend it. The slope is the median of the slopes between all pairs of values
 * (Theil 1950; Sen, Journal of the American Statistical Association 63, 1968).
 */
export interface Trend {
  /** Growth per restart. */
  slope: number;
  /** The share of all pairs in which the later value is the greater one. */
  risingShare: number;
}

/** One value, and after how many restarts it was measured. */
export interface Reading {
  restart: number;
  value: number;
}

/** Those of three readings of one session, or of two in each of three. */
const FEWEST_PAIRS = 3;
/** Pairs grow with the square; so many readings, evenly taken, tell a slope as well as all. */
const MOST_READINGS = 500;

/** The trend over several series, each of them of one session; null when they have too few pairs of readings. */
export function trendOf(series: readonly (readonly Reading[])[]): Trend | null {
  const slopes: number[] = [];
  for (const readings of series) {
    const some = thinned(readings);
    for (const [position, later] of some.entries()) {
      for (const earlier of some.slice(0, position)) {
        slopes.push((later.value - earlier.value) / (later.restart - earlier.restart));
      }
    }
  }
  if (slopes.length < FEWEST_PAIRS) return null;
  slopes.sort((one, other) => one - other);
  const middle = slopes.length / 2;
  const slope = ((slopes[Math.ceil(middle) - 1] as number) + (slopes[Math.floor(middle)] as number)) / 2;
  return { slope, risingShare: slopes.filter((value) => value > 0).length / slopes.length };
}

function thinned(readings: readonly Reading[]): readonly Reading[] {
  if (readings.length <= MOST_READINGS) return readings;
  const step = (readings.length - 1) / (MOST_READINGS - 1);
  return Array.from({ length: MOST_READINGS }, (_, n) => readings[Math.round(n * step)] as Reading);
}
