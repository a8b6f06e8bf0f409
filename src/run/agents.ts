/**
 * How many agents send the traffic of each arm.
 *
 * Rule: one, unless the scenario asks for more, or its rate is more than one agent sends on time here. That is measured
 * as `doctor` does, once a run, and only when a rate is high enough to ask the question.
 */
import { availableParallelism } from 'node:os';
import type { Traffic } from '../model/scenario.ts';
import { highestRatePerSecond } from './calibrate.ts';

/** One agent sends this much on any machine that is fit for a run at all. */
const ORDINARY_PER_SECOND = 3000;
/** The part of its highest rate that an agent is given: it needs room for bursts of answers. */
const SHARE = 0.7;

type Sending = { readonly traffic: Pick<Traffic, 'agents' | 'arrivals'> };

/** The agents that a rate needs when one can send `highestPerSecond`; never more than there are cores. */
export function agentsFor(ratePerSecond: number, highestPerSecond: number, cores: number): number {
  const needed = highestPerSecond <= 0 ? cores : Math.ceil(ratePerSecond / (highestPerSecond * SHARE));
  return Math.max(1, Math.min(cores, needed));
}

/** The number of agents of each arm. Rejects when the measurement cannot be made; aborted, one each. */
export async function agentCountsOf<A extends Sending>(
  arms: readonly A[],
  signal: AbortSignal,
  measure: (signal: AbortSignal) => Promise<number> = highestRatePerSecond,
): Promise<Map<A, number>> {
  let measuring: Promise<number> | undefined;
  const counts = new Map<A, number>();
  for (const arm of arms) {
    const { agents, arrivals } = arm.traffic;
    const ratePerSecond = Object.values(arrivals).reduce((sum, { rate }) => sum + rate, 0);
    if (agents !== 'auto') counts.set(arm, agents);
    else if (ratePerSecond <= ORDINARY_PER_SECOND || signal.aborted) counts.set(arm, 1);
    else {
      measuring ??= measure(signal).catch((error: unknown) => {
        if (signal.aborted) return Infinity;
        throw error;
      });
      counts.set(arm, agentsFor(ratePerSecond, await measuring, availableParallelism()));
    }
  }
  return counts;
}
