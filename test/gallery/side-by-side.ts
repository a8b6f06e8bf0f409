/**
 * Runs work side by side by its need for cores.
 *
 * Rule: what runs at one time never needs more than the cores carry; what needs more than that by itself runs alone.
 * The largest comes first, and the largest that still fits fills what is left.
 */

/** What a piece of work needs. */
export interface Need {
  /** CPU-seconds per second. */
  cores: number;
  seconds: number;
}

/** CPU-seconds. */
const workOf = ({ cores, seconds }: Need): number => cores * seconds;

/** The place in `waiting` (largest first) of what can start beside what runs; undefined when nothing can. */
export function nextOf(waiting: readonly Need[], running: readonly Need[], carried: number): number | undefined {
  if (waiting.length === 0) return undefined;
  if (running.length === 0) return 0;
  const taken = running.reduce((sum, { cores }) => sum + cores, 0);
  const place = waiting.findIndex(({ cores }) => taken + cores <= carried);
  return place === -1 ? undefined : place;
}

/** Does all work. Rejects with the first error, once what ran beside it has ended. */
export async function sideBySide<T>(
  items: readonly T[],
  needOf: (item: T) => Need,
  carried: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items
    .map((item) => ({ item, ...needOf(item) }))
    .toSorted((one, other) => workOf(other) - workOf(one));
  const running = new Map<Need, Promise<unknown>>();
  const problems: unknown[] = [];
  while (waiting.length > 0 || running.size > 0) {
    for (;;) {
      const place = problems.length > 0 ? undefined : nextOf(waiting, [...running.keys()], carried);
      if (place === undefined) break;
      const [work] = waiting.splice(place, 1) as [(typeof waiting)[number]];
      const ended = act(work.item)
        .catch((problem: unknown) => problems.push(problem))
        .finally(() => running.delete(work));
      running.set(work, ended);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (problems.length > 0) throw problems[0];
}
