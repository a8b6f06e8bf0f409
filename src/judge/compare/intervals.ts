/**
 * Middles and differences, each with its 95 % interval.
 *
 * Rule: an interval that so few values cannot give is null, not narrower or wider than it says.
 */
import jStat from 'jstat';
import { logChoose, waysOf } from './exact-tests.ts';

export interface Interval {
  estimate: number;
  low: number | null;
  high: number | null;
}

const OUTSIDE = 0.025;
/** Differences grow with the product; so many values of each side, evenly taken, tell a shift as well as all. */
const MOST_VALUES = 400;

/**
 * The median; its interval lies between two order statistics, by the binomial distribution (W. R. Thompson, Annals of
 * Mathematical Statistics 7, 1936).
 */
export function medianOf(values: readonly number[]): Interval {
  const ascending = values.toSorted((one, other) => one - other);
  const n = ascending.length;
  let rank = 0;
  let below = 0;
  for (;;) {
    below += Math.exp(logChoose(n, rank) - n * Math.LN2);
    if (below > OUTSIDE) break;
    rank += 1;
  }
  return { estimate: middleOf(ascending), ...between(ascending, rank) };
}

/**
 * By how much `other` lies above `reference`: the median of all differences (J. L. Hodges and E. L. Lehmann, Annals of
 * Mathematical Statistics 34, 1963); its interval lies between two of them, by the distribution of the Mann-Whitney
 * statistic.
 */
export function shiftOf(reference: readonly number[], other: readonly number[]): Interval {
  const [from, to] = [thinned(reference), thinned(other)];
  const differences = to
    .flatMap((value) => from.map((against) => value - against))
    .sort((one, another) => one - another);
  return { estimate: middleOf(differences), ...between(differences, outsideRank(from.length, to.length)) };
}

const outsideRanks = new Map<string, number>();

/** How many of the sorted differences lie outside at each end. The same for all measures of a pair: counted once. */
function outsideRank(n: number, m: number): number {
  const known = outsideRanks.get(`${n}/${m}`) ?? countOutside(n, m);
  outsideRanks.set(`${n}/${m}`, known);
  return known;
}

function countOutside(n: number, m: number): number {
  const ways = waysOf(
    Array.from({ length: n + m }, (_, rank) => rank),
    Math.min(n, m),
  );
  if (ways === undefined) {
    return Math.max(
      0,
      Math.floor((n * m) / 2 + jStat.normal.inv(OUTSIDE, 0, 1) * Math.sqrt((n * m * (n + m + 1)) / 12)),
    );
  }
  const total = ways.reduce((sum, number) => sum + number, 0);
  const least = ways.findIndex((number) => number > 0);
  let rank = 0;
  for (let below = ways[least] as number; below <= OUTSIDE * total; below += ways[least + rank] as number) rank += 1;
  return rank;
}

/** A share, with the exact interval of C. J. Clopper and E. S. Pearson (Biometrika 26, 1934). */
export function shareOf(count: number, of: number): Interval {
  return {
    estimate: count / of,
    low: count === 0 ? 0 : jStat.beta.inv(OUTSIDE, count, of - count + 1),
    high: count === of ? 1 : jStat.beta.inv(1 - OUTSIDE, count + 1, of - count),
  };
}

/**
 * By how much a share exceeds another, with the interval made of two score intervals (R. G. Newcombe, Statistics in
 * Medicine 17, 1998, method 10).
 */
export function shareDifferenceOf(
  reference: { count: number; of: number },
  other: { count: number; of: number },
): Interval {
  const [from, to] = [reference, other].map(({ count, of }) => ({
    share: count / of,
    ...scoreInterval(count, of),
  })) as [ScoredShare, ScoredShare];
  const estimate = to.share - from.share;
  return {
    estimate,
    low: estimate - Math.hypot(to.share - to.low, from.high - from.share),
    high: estimate + Math.hypot(to.high - to.share, from.share - from.low),
  };
}

interface ScoredShare {
  share: number;
  low: number;
  high: number;
}

/** E. B. Wilson, Journal of the American Statistical Association 22, 1927. */
function scoreInterval(count: number, of: number): Pick<ScoredShare, 'low' | 'high'> {
  const z = jStat.normal.inv(1 - OUTSIDE, 0, 1);
  const middle = (count + z ** 2 / 2) / (of + z ** 2);
  const half = (z / (of + z ** 2)) * Math.sqrt((count * (of - count)) / of + z ** 2 / 4);
  return { low: middle - half, high: middle + half };
}

function middleOf(ascending: readonly number[]): number {
  const middle = ascending.length / 2;
  return ((ascending[Math.ceil(middle) - 1] as number) + (ascending[Math.floor(middle)] as number)) / 2;
}

/** The values of a rank (from 1) from either end; null for rank 0. */
function between(ascending: readonly number[], rank: number): Pick<Interval, 'low' | 'high'> {
  return rank === 0
    ? { low: null, high: null }
    : { low: ascending[rank - 1] as number, high: ascending[ascending.length - rank] as number };
}

function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= MOST_VALUES) return values;
  const ascending = values.toSorted((one, other) => one - other);
  return Array.from(
    { length: MOST_VALUES },
    (_, n) => ascending[Math.round((n * (ascending.length - 1)) / (MOST_VALUES - 1))] as number,
  );
}
