/**
 * Whether two shares of dirty restarts differ by more than chance: Boschloo's test (R. D. Boschloo, Statistica
 * Neerlandica 24, 1970).
 *
 * Rule: the number of restarts of each side is fixed beforehand, and how many of them are dirty is not. Fisher's test
 * holds that total fixed, too, and pays for it: 0 of 3 against 3 of 3 gives .100 there and .031 here.
 */
import { logChoose } from './exact-tests.ts';

/** Tables that are equally likely differ by rounding only. */
const ROUNDING = 1e-7;
/** Steps of the share that both sides have under the null hypothesis, for each restart. */
const STEPS_PER_RESTART = 8;
const LEAST_STEPS = 400;
/** Each narrows the place of the maximum to about two thirds. */
const REFINEMENTS = 40;

/**
 * The two-sided p-value, as SciPy computes it: twice the smaller of both one-sided ones, each the greatest probability,
 * over all shares that both sides may have in common, of a table whose one-sided p-value of Fisher's test is no
 * greater than the one of the table that was seen.
 */
export function boschlooPValue(dirtyOne: number, one: number, dirtyOther: number, other: number): number {
  const fewer = oneSidedPValue(dirtyOne, one, dirtyOther, other);
  const more = oneSidedPValue(dirtyOther, other, dirtyOne, one);
  return Math.min(1, 2 * Math.min(fewer, more));
}

/**
 * The least p-value that so many restarts can give: all of one side dirty, and none of the other. No other table is as
 * extreme, and its probability is greatest where the common share is that of all restarts.
 */
export function leastBoschlooPValue(one: number, other: number): number {
  if (one === 0 || other === 0) return 1;
  const all = one + other;
  return Math.min(1, 2 * Math.exp(one * Math.log(one / all) + other * Math.log(other / all)));
}

/** Against the alternative that the first side has the smaller share. */
function oneSidedPValue(dirtyOne: number, one: number, dirtyOther: number, other: number): number {
  const seen = fisherLess(dirtyOne, one, dirtyOther, other);
  // The more of the other side are dirty, the smaller Fisher's p-value: for each count of the first side there is a
  // least count of the other from which on a table is as extreme as the one that was seen.
  const firstExtreme = Array.from({ length: one + 1 }, (_, dirty) => {
    let [low, high] = [0, other + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fisherLess(dirty, one, middle, other) <= seen * (1 + ROUNDING)) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  const [choicesOne, choicesOther] = [choicesOf(one), choicesOf(other)];
  const probabilityAt = (share: number): number => {
    const beyond = tailsOf(binomialOf(choicesOther, share));
    return binomialOf(choicesOne, share).reduce(
      (sum, probability, dirty) => sum + probability * (beyond[firstExtreme[dirty] as number] as number),
      0,
    );
  };
  return greatestOf(probabilityAt, Math.max(LEAST_STEPS, STEPS_PER_RESTART * (one + other)));
}

/** Fisher's one-sided p-value: so few dirty restarts of the first side or fewer, given the dirty ones of both. */
function fisherLess(dirtyOne: number, one: number, dirtyOther: number, other: number): number {
  const dirty = dirtyOne + dirtyOther;
  const all = logChoose(one + other, dirty);
  let sum = 0;
  for (let k = Math.max(0, dirty - other); k <= dirtyOne; k += 1) {
    sum += Math.exp(logChoose(one, k) + logChoose(other, dirty - k) - all);
  }
  return sum;
}

/** The logarithm of the number of ways to choose each count of n. */
function choicesOf(n: number): number[] {
  return Array.from({ length: n + 1 }, (_, k) => logChoose(n, k));
}

/** The probability of each count of draws, for a share between 0 and 1. */
function binomialOf(choices: readonly number[], share: number): number[] {
  const [log, logRest] = [Math.log(share), Math.log1p(-share)];
  return choices.map((logWays, k) => Math.exp(logWays + k * log + (choices.length - 1 - k) * logRest));
}

/** The probability of each count or more; 0 for one more than all. */
function tailsOf(probabilities: readonly number[]): number[] {
  const tails = [...probabilities, 0];
  for (let k = tails.length - 3; k >= 0; k -= 1) tails[k] = (tails[k] as number) + (tails[k + 1] as number);
  return tails;
}

/** The greatest value of a smooth function between 0 and 1: the best point of a grid, then golden section beside it. */
function greatestOf(valueAt: (share: number) => number, steps: number): number {
  let best = 1;
  let greatest = 0;
  for (let step = 1; step < steps; step += 1) {
    const value = valueAt(step / steps);
    if (value > greatest) [best, greatest] = [step, value];
  }
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.max(best - 1, 1e-9) / steps, Math.min(best + 1, steps - 1e-9) / steps];
  for (let refinement = 0; refinement < REFINEMENTS; refinement += 1) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (valueAt(left) < valueAt(right)) low = left;
    else high = right;
  }
  return Math.max(greatest, valueAt((low + high) / 2));
}
