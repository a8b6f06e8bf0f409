/**
 * Whether two samples differ by more than chance: the Mann-Whitney test, and Fisher's exact test for requests.
 *
 * Rule: exact where it can be computed, ties included: the distribution is that of all ways to deal the values that
 * were seen out to the two sides. All tests are two-sided.
 */
import jStat from 'jstat';

/** Beyond so many steps the exact distribution gives way to the normal one, which is as good by then. */
const MOST_STEPS = 5e7;

/**
 * Fisher's exact test: the probability that as many or fewer likely tables come from one share of dirty restarts on
 * both sides (R. A. Fisher, Journal of the Royal Statistical Society 85, 1922; two-sided as in R and SciPy: the sum
 * over all tables that are no likelier).
 */
export function fisherPValue(dirtyOne: number, one: number, dirtyOther: number, other: number): number {
  const dirty = dirtyOne + dirtyOther;
  const logOf = (k: number): number => logChoose(one, k) + logChoose(other, dirty - k);
  const seen = logOf(dirtyOne);
  const all = logChoose(one + other, dirty);
  let sum = 0;
  for (let k = Math.max(0, dirty - other); k <= Math.min(one, dirty); k += 1) {
    const log = logOf(k);
    if (log <= seen + 1e-7) sum += Math.exp(log - all);
  }
  return Math.min(1, sum);
}

/** The least p-value that so many restarts can give, when the sides are as different as can be. */
export function leastPValue(one: number, other: number): number {
  return Math.min(1, 2 * Math.exp(-logChoose(one + other, one)));
}

/** The logarithm of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return jStat.gammaln(n + 1) - jStat.gammaln(k + 1) - jStat.gammaln(n - k + 1);
}

export interface RankTest {
  pValue: number;
  /**
   * Shares of the pairs of values, one of each side, in which the other one's is greater, or less, by at least `least`.
   */
  greaterShare: number;
  lessShare: number;
  /**
   * Variance of the score of one value over the square of the number of values: 1/3 without ties; 0 when all are tied.
   */
  spread: number;
}

/**
 * The Mann-Whitney test of `other` against `reference`, in which two values that differ by less than `least` are tied;
 * with `least` 0 it is the test of H. B. Mann and D. R. Whitney (Annals of Mathematical Statistics 18, 1947). Pairs
 * with such a margin are M. Buyse's (Statistics in Medicine 29, 2010). The score of a value is the number of values
 * that it exceeds less the number that exceed it, and the statistic is the sum over one side: so its distribution over
 * all ways to deal the values out is exact, with any ties.
 */
export function rankTest(reference: readonly number[], other: readonly number[], least = 0): RankTest {
  const all = [...reference, ...other];
  const scores = scoresOf(all, least);
  const [n, m] = [reference.length, other.length];
  let greater = 0;
  let less = 0;
  for (const value of other) {
    for (const against of reference) {
      if (exceeds(value, against, least)) greater += 1;
      else if (exceeds(against, value, least)) less += 1;
    }
  }
  const pairs = n * m;
  const squares = scores.reduce((sum, score) => sum + score * score, 0);
  return {
    pValue:
      squares === 0
        ? 1
        : (exactPValue(scores, Math.min(n, m), greater - less) ?? normalPValue(squares, n, m, greater - less)),
    greaterShare: greater / pairs,
    lessShare: less / pairs,
    spread: squares / all.length ** 3,
  };
}

function exceeds(one: number, other: number, least: number): boolean {
  return one > other && one - other >= least;
}

function scoresOf(all: readonly number[], least: number): number[] {
  return all.map((value) =>
    all.reduce((score, other) => score + (exceeds(value, other, least) ? 1 : exceeds(other, value, least) ? -1 : 0), 0),
  );
}

/**
 * The share of all ways to choose `count` of the scores whose sum is as far from 0 as `sum`; undefined when there are
 * too many to count.
 */
function exactPValue(scores: readonly number[], count: number, sum: number): number | undefined {
  const least = Math.min(...scores);
  const unit = scores.reduce((divisor, score) => greatestDivisor(divisor, score - least), 0);
  const ways = waysOf(
    scores.map((score) => (score - least) / unit),
    count,
  );
  if (ways === undefined) return undefined;
  let total = 0;
  let asFar = 0;
  for (const [steps, number] of ways.entries()) {
    total += number;
    if (Math.abs(steps * unit + least * count) >= Math.abs(sum)) asFar += number;
  }
  return asFar / total;
}

/**
 * For each sum the number of ways to choose `count` of the whole numbers that have it; undefined when that takes too
 * many steps.
 */
export function waysOf(numbers: readonly number[], count: number): Float64Array | undefined {
  const ascending = numbers.toSorted((one, other) => one - other);
  /** The greatest sum of `chosen` of the first `seen` numbers. */
  const greatest = (seen: number, chosen: number): number =>
    (sums[seen] as number) - (sums[Math.max(0, seen - chosen)] as number);
  const sums = [0];
  for (const number of ascending) sums.push((sums.at(-1) as number) + number);
  const most = greatest(ascending.length, count);
  if (numbers.length * count * (most + 1) > MOST_STEPS) return undefined;
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  for (const [index, number] of ascending.entries()) {
    const left = ascending.length - index - 1;
    // Only what is reached by now, and what can still become `count` of them.
    for (let chosen = Math.min(count, index + 1); chosen >= Math.max(1, count - left); chosen -= 1) {
      const [into, from] = [ways[chosen] as Float64Array, ways[chosen - 1] as Float64Array];
      for (let sum = greatest(index + 1, chosen); sum >= number; sum -= 1) {
        into[sum] = (into[sum] as number) + (from[sum - number] as number);
      }
    }
  }
  return ways[count];
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

/** The normal approximation, corrected for ties and for continuity. */
function normalPValue(squares: number, n: number, m: number, sum: number): number {
  const all = n + m;
  const deviation = Math.sqrt((n * m * squares) / (all * (all - 1)));
  return Math.min(1, 2 * jStat.normal.cdf(-Math.max(0, Math.abs(sum) - 1) / deviation, 0, 1));
}

/** Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979), in the order given. */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  let above = 0;
  for (const [rank, position] of pValues
    .map((_, index) => index)
    .sort((one, other) => (pValues[one] as number) - (pValues[other] as number))
    .entries()) {
    above = Math.min(1, Math.max(above, (pValues[position] as number) * (pValues.length - rank)));
    adjusted[position] = above;
  }
  return adjusted;
}

/**
 * Restarts that each side needs to show a difference with a probability of `power`: the sample size of G. E. Noether
 * (Journal of the American Statistical Association 82, 1987) for sides of one size, with the spread that was measured
 * in place of that of untied values: 2 spread (z(1 - level / 2) + z(power))² / net², `net` being greaterShare -
 * lessShare. Infinity when there is no difference.
 */
export function restartsToTell(net: number, spread: number, level: number, power = 0.8): number {
  if (net === 0) return Infinity;
  const z = (p: number): number => jStat.normal.inv(p, 0, 1);
  return Math.ceil((2 * spread * (z(1 - level / 2) + z(power)) ** 2) / net ** 2);
}
