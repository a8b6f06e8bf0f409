/**
 * What a number of restarts can prove, and what is no more than noise.
 *
 * Rule: the restart is the unit, because drops cluster. Bounds are exact (Clopper and Pearson, Biometrika 26, 1934),
 * never approximated.
 */
import jStat from 'jstat';

/**
 * One-sided upper bound of the share of dirty restarts, when `dirty` of `restarts` were: the share at which so few
 * would be seen with probability 1 - confidence. For none: 1 - (1 - confidence)^(1 / restarts). 1 when there were no
 * restarts.
 */
export function dirtyShareUpperBound(dirty: number, restarts: number, confidence = 0.95): number {
  if (dirty >= restarts) return 1;
  if (dirty === 0) return 1 - (1 - confidence) ** (1 / restarts);
  return jStat.beta.inv(confidence, dirty + 1, restarts - dirty);
}

/**
 * Restarts that must all be clean to be so sure that less than `share` of them are dirty; the inverse of {@link
 * dirtyShareUpperBound}. Infinity when nothing could prove it (a share of 0, a confidence of 1).
 */
export function restartsNeeded(confidence: number, share: number): number {
  if (share <= 0 || confidence >= 1) return Infinity;
  if (share >= 1) return 1;
  // The tolerance keeps a quotient that is whole but for rounding from being rounded up.
  return Math.max(1, Math.ceil(Math.log(1 - confidence) / Math.log(1 - share) - 1e-9));
}

/**
 * Whether `observed` events are no more than chance makes of `expected` ones: expected + 3 standard deviations of the
 * Poisson distribution, whose variance is its mean. Where nothing is expected, nothing is noise.
 */
export function isNoise(observed: number, expected: number): boolean {
  return observed <= expected + 3 * Math.sqrt(expected);
}
