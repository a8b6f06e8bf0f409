/**
 * One plan split over several agents.
 *
 * Rule: pure. Each arrival and each sentinel has exactly one agent; numbers interleave, so that all agents send at all
 * times, and whatever they send can be read as if one had sent it.
 */
import { dueMsOf } from '../../model/pacing.ts';
import type { Plan, PlannedStream } from '../../model/plan.ts';

/** How many of the agents send a stream: none of them could keep less than one connection. */
export function sendersOf({ connection, connections }: PlannedStream, agents: number): number {
  return connection === 'reused' ? Math.min(agents, connections) : agents;
}

/** The plan of each agent. Arrival n of an agent's stream is arrival `n * senders + agent` of the whole stream. */
export function sharesOf(plan: Plan, agents: number): Plan[] {
  return Array.from({ length: agents }, (_, agent) => ({
    ...plan,
    streams: plan.streams.flatMap((stream): PlannedStream[] => {
      const senders = sendersOf(stream, agents);
      if (agent >= senders) return [];
      return [
        {
          ...stream,
          ratePerSecond: stream.ratePerSecond / senders,
          firstDueMs: dueMsOf(stream, agent),
          connections: Math.max(1, partOf(stream.connections, senders, agent)),
        },
      ];
    }),
    sentinels: plan.sentinels
      .filter(({ count }) => agent < count)
      .map((sentinel) => ({ ...sentinel, share: { agent, of: Math.min(agents, sentinel.count) } })),
  }));
}

/** The part of `whole` things that position `at` of `parts` gets; the first ones get one more. */
function partOf(whole: number, parts: number, at: number): number {
  return Math.floor(whole / parts) + (at < whole % parts ? 1 : 0);
}
