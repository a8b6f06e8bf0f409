/**
 * Whose turn it is: weighted round robin, smooth as in nginx, so that a share of one tenth is every tenth and not ten in a row.
 *
 * Rule: pure but for its own memory; the shares are exact over every sum of the weights.
 */
export interface Weighted {
  weight: number;
}

export interface Balance<T extends Weighted> {
  /** The next one; undefined when nobody takes any. `may` leaves some out for now. */
  next(may?: (one: T) => boolean): T | undefined;
}

/** Takes turns among `all`. Those with weight 0 are never chosen. */
export function balanceOf<T extends Weighted>(all: readonly T[]): Balance<T> {
  const credits = new Map(all.map((one) => [one, 0]));
  return {
    next(may = () => true) {
      const candidates = all.filter((one) => one.weight > 0 && may(one));
      const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
      let chosen: T | undefined;
      for (const one of candidates) {
        const credit = (credits.get(one) as number) + one.weight;
        credits.set(one, credit);
        if (chosen === undefined || credit > (credits.get(chosen) as number)) chosen = one;
      }
      if (chosen !== undefined) credits.set(chosen, (credits.get(chosen) as number) - total);
      return chosen;
    },
  };
}
