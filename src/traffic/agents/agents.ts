/**
 * Several agents as one: the plan is split over them, and their events are merged.
 *
 * Rule: an agent that dies costs its own share, which is entered as unsent; the others go on. Only the end of the last
 * one is the end of the traffic.
 */
import type { FromAgent, Plan, SentinelProblem } from '../../model/plan.ts';
import type { Peer } from '../../processes/child.ts';
import type { Totals } from '../recorder.ts';
import { openAgent, type Agent, type AgentOwner } from './agent.ts';
import { openMerge } from './merge.ts';
import { sharesOf } from './shares.ts';

/** The end of the traffic is this far ahead when it is announced, so that it reaches all agents in time. */
const END_LEAD_MS = 100;

export interface AgentsOwner extends AgentOwner {
  /** One of several agents is gone though nobody asked for it, and others go on; the reason in words. */
  weakened(reason: string, agent: number): void;
}

/** Splits a plan over agents. Rejects when one of them does not take its part; then all have ended. */
export async function openAgents(peers: readonly Peer<FromAgent>[], plan: Plan, owner: AgentsOwner): Promise<Agent> {
  const [only] = peers;
  if (only !== undefined && peers.length === 1) return openAgent(only, plan, owner);
  let trafficAtMs = owner.nowMs();
  const merge = openMerge(plan, peers.length, () => trafficAtMs, owner.event);
  const shares = sharesOf(plan, peers.length);
  const alive = new Set(peers.keys());
  const totals = peers.map((): Totals => ({ answered: 0, lost: 0, raced: 0, other: 0 }));

  const opening = peers.map((peer, agent) =>
    openAgent(peer, shares[agent] as Plan, {
      ...owner,
      event: (event) => merge.take(agent, event),
      progress(own) {
        totals[agent] = own;
        owner.progress(sumOf(totals));
      },
      died(reason) {
        alive.delete(agent);
        if (alive.size === 0) owner.died(reason);
        else owner.weakened(reason, agent);
      },
    }),
  );
  const opened = await Promise.allSettled(opening);
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    for (const peer of peers) peer.kill();
    await Promise.all(peers.map(({ ended }) => ended));
    throw failed.reason;
  }
  const agents = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));

  return {
    handshakeMs: Math.max(...agents.map(({ handshakeMs }) => handshakeMs)),
    streams: plan.streams.map(({ name, ratePerSecond, firstDueMs, connection }) => ({
      name,
      ratePerSecond,
      firstDueMs,
      connection,
    })),
    startAt(atMs) {
      trafficAtMs = atMs;
      for (const agent of agents) agent.startAt(atMs);
    },
    async place(restart) {
      const problems = await Promise.all(
        agents.map(async (agent, number) => {
          const own = alive.has(number) ? await agent.place(restart) : [];
          return alive.has(number) ? own : [];
        }),
      );
      return distinct(problems.flat());
    },
    phase(...reached) {
      for (const agent of agents) agent.phase(...reached);
    },
    async release(restart) {
      await Promise.all(agents.map((agent) => agent.release(restart)));
    },
    async finish(atPlanMs) {
      const endMs = Math.max(atPlanMs, owner.nowMs() - trafficAtMs + END_LEAD_MS);
      await Promise.all(agents.map((agent) => agent.finish(endMs)));
      merge.finish();
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
}

function sumOf(totals: readonly Totals[]): Totals {
  const sum = { answered: 0, lost: 0, raced: 0, other: 0 };
  for (const { answered, lost, raced, other } of totals) {
    sum.answered += answered;
    sum.lost += lost;
    sum.raced += raced;
    sum.other += other;
  }
  return sum;
}

/** Each problem once: agents that meet the same target have the same ones. */
function distinct(problems: readonly SentinelProblem[]): SentinelProblem[] {
  return problems.filter(
    ({ message }, position) => problems.findIndex((other) => other.message === message) === position,
  );
}
