/**
 * Whose turn it is: weighted round robin, in a random order within each round.
 *
 * Rule: the shares are exact over every sum of the weights, and no order repeats: arrivals come at a steady beat, and
 * of those that an instance gets by a fixed order, all or none could be the slow ones.
 */
export interface Weighted {
  weight: number;
}

export interface Balance<T extends Weighted> {
  /** The next one; undefined when nobody takes any. `may` leaves some out for now. */
  next(may?: (one: T) => boolean): T | undefined;
}

/** Takes turns among `all`. Those with weight 0 are never chosen. `random` gives numbers from 0 to 1. */
export function balanceOf<T extends Weighted>(all: readonly T[], random: () => number = Math.random): Balance<T> {
  const credits = new Map(all.map((one) => [one, 0]));
  const creditOf = (one: T): number => credits.get(one) ?? 0;
  return {
    next(may = () => true) {
      const candidates = all.filter((one) => one.weight > 0 && may(one));
      for (const one of candidates) credits.set(one, creditOf(one) + one.weight);
      const owed = candidates.filter((one) => creditOf(one) > 0);
      // Credits may be all used up when somebody is left out who had saved some.
      const eligible = owed.length > 0 ? owed : candidates;
      const chanceOf = (one: T): number => (owed.length > 0 ? creditOf(one) : one.weight);
      let left = random() * eligible.reduce((sum, one) => sum + chanceOf(one), 0);
      const chosen = eligible.find((one) => (left -= chanceOf(one)) < 0) ?? eligible.at(-1);
      if (chosen !== undefined) {
        credits.set(chosen, creditOf(chosen) - candidates.reduce((sum, { weight }) => sum + weight, 0));
      }
      return chosen;
    },
  };
}
