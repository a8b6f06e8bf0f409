/**
 * Agents on this machine: child processes at the other ends of the channels.
 *
 * Rule: this is one way to reach an agent; agent.ts knows nothing of it.
 */
import { FromAgent, type Plan } from '../../model/plan.ts';
import { newToken, startChild, type Child } from '../../processes/child.ts';
import { openAgent, type Agent, type AgentOwner } from './agent.ts';
import { openAgents, type AgentsOwner } from './agents.ts';

/** One agent, which a test may want to signal. */
export interface LocalAgent extends Agent {
  readonly pid: number;
}

/** Starts an agent for a plan. Rejects when the process cannot be started or does not take the plan. */
export async function startAgent(plan: Plan, owner: AgentOwner, token = newToken()): Promise<LocalAgent> {
  const child = startOne(token);
  return { ...(await openAgent(child, plan, owner)), pid: child.pid };
}

/** Several agents, which share the plan as one. */
export interface LocalAgents extends Agent {
  readonly pids: readonly number[];
}

/** Starts agents that share a plan. Rejects when one cannot be started or does not take its part. */
export async function startAgents(
  count: number,
  plan: Plan,
  owner: AgentsOwner,
  token = newToken(),
): Promise<LocalAgents> {
  const children = Array.from({ length: count }, () => startOne(token));
  return { ...(await openAgents(children, plan, owner)), pids: children.map(({ pid }) => pid) };
}

function startOne(token: string): Child<FromAgent> {
  return startChild({ module: 'traffic/agent/main', token, says: FromAgent });
}
