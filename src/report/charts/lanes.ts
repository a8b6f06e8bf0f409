/**
 * The instances of an arm as lanes: each is a bar, and its successor stands in another lane, so that an overlap can be
 * seen.
 *
 * Rule: a lane is used again when its instance is gone; an instance never shares its time in a lane with another.
 */
import type { InstanceView } from '../view/view.ts';
import type { Band } from './bands.ts';
import type { Clock } from './clock.ts';

/** The axis of the lanes. */
export const LANES = 'instances';

/** The lane of each instance, from 1: the lowest free one that its predecessor does not use. */
export function lanesOf(instances: readonly InstanceView[]): number[] {
  const freeAtMs: number[] = [];
  let before = 0;
  return instances.map(({ stretches }) => {
    const fromMs = stretches[0]?.fromMs ?? 0;
    let lane = 1;
    while (lane === before || (freeAtMs[lane] ?? -Infinity) > fromMs) lane += 1;
    freeAtMs[lane] = stretches.at(-1)?.toMs ?? fromMs;
    before = lane;
    return lane;
  });
}

/** The bars of the instances, as far as the clock shows them. */
export function laneBands(instances: readonly InstanceView[], clock: Clock): Band[] {
  const lanes = lanesOf(instances);
  return instances.flatMap((instance, index) =>
    instance.stretches.flatMap(({ state, fromMs, toMs }) =>
      clock.piecesOf(fromMs, toMs).map((piece): Band => ({
        ...piece,
        color: `$${state}`,
        lane: lanes[index] ?? 1,
        axis: LANES,
        ...(state === 'serving'
          ? { text: `#${instance.number}${instance.label === '' ? '' : `, ${instance.label}`}` }
          : {}),
      })),
    ),
  );
}
