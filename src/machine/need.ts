/**
 * What some arms need of the machine that sends their traffic.
 *
 * Rule: pure, and on the safe side: the worst case is a target that stands still until every request has timed out.
 */
import type { Arm } from '../model/scenario.ts';

export interface Need {
  /** Arrivals of all streams together. */
  arrivalsPerSecond: number;
  /** Those on connections of their own. */
  freshPerSecond: number;
  /** Connections open at the same time when nothing is answered, sentinels included. */
  connections: number;
}

/** The most that any of these arms needs: arms run one after another. */
export function needOf(arms: readonly Pick<Arm, 'traffic'>[]): Need {
  const need: Need = { arrivalsPerSecond: 0, freshPerSecond: 0, connections: 0 };
  for (const { traffic } of arms) {
    const streams = Object.values(traffic.arrivals);
    const sentinels = Object.values(traffic.sentinels).reduce((sum, { count }) => sum + count, 0);
    const rateOf = (some: typeof streams): number => some.reduce((sum, { rate }) => sum + rate, 0);
    const held = streams.reduce(
      (sum, { connections, rate }) => sum + connections + Math.ceil((rate * traffic.client.timeout) / 1000),
      sentinels,
    );
    need.arrivalsPerSecond = Math.max(need.arrivalsPerSecond, rateOf(streams));
    need.freshPerSecond = Math.max(
      need.freshPerSecond,
      rateOf(streams.filter(({ connection }) => connection === 'new')),
    );
    need.connections = Math.max(need.connections, held);
  }
  return need;
}
