/**
 * An agent on this machine: a child process at the other end of the channel.
 *
 * Rule: this is one way to reach an agent; agent.ts knows nothing of it.
 */
import { FromAgent, type Plan } from '../../model/plan.ts';
import { newToken, startChild } from '../../processes/child.ts';
import { openAgent, type Agent, type AgentOwner } from './agent.ts';

export interface LocalAgent extends Agent {
  readonly pid: number;
}

/** Starts an agent for a plan. Rejects when the process cannot be started or does not take the plan. */
export async function startAgent(plan: Plan, owner: AgentOwner, token = newToken()): Promise<LocalAgent> {
  const child = startChild({ module: 'traffic/agent/main', token, says: FromAgent });
  return { ...(await openAgent(child, plan, owner)), pid: child.pid };
}
