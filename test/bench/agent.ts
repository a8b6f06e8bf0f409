/**
 * One agent, run from plan to done, with its log written as a run writes it.
 *
 * Rule: the agent is the real one, in its own process; every outcome is counted as it is told.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../../src/log/write.ts';
import { maskOf } from '../../src/model/secrets/mask.ts';
import type { Event, EventOf } from '../../src/model/event.ts';
import { count, noCounts, type Counts } from '../../src/model/outcome.ts';
import type { Plan, PlannedStream } from '../../src/model/plan.ts';
import type { Agent } from '../../src/traffic/agents/agent.ts';
import { startAgents } from '../../src/traffic/agents/local.ts';

export const BODY = 'hello world!';

export interface Measured {
  counts: Counts;
  /** As the agent's pacing counted it. */
  due: number;
  harness: EventOf<'harness'>;
  /** CPU time of this process: reading what the agent told and writing the log. */
  ownerCpuMs: number;
  logBytes: number;
  lastedMs: number;
}

export function streamOf(more: Partial<PlannedStream>): PlannedStream {
  return {
    name: 'stream',
    ratePerSecond: 500,
    firstDueMs: 0,
    connection: 'reused',
    connections: 32,
    request: { method: 'GET', path: '/', headers: {}, expect: { body: BODY } },
    ...more,
  };
}

export function planOf(origin: string, streams: PlannedStream[], timeoutMs = 2000): Plan {
  return {
    origin,
    streams,
    sentinels: [],
    client: {
      kind: 'wire',
      timeoutMs,
      connectTimeoutMs: timeoutMs,
      headTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
      retry: 'none',
    },
  };
}

/** Sends the plan for `forMs`. `meanwhile` is told the moment of the plan's 0 on performance.now(), and waited for. */
export async function runAgent(
  plan: Plan,
  forMs: number,
  {
    meanwhile,
    seen,
    agents = 1,
  }: {
    meanwhile?: (zeroMs: number, agent: Agent) => Promise<void>;
    seen?: (event: Event) => void;
    agents?: number;
  } = {},
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-bench-'));
  const path = join(folder, 'events.ndjson.gz');
  const log = openLog(path, maskOf([]));
  const counts = noCounts();
  let due = 0;
  const harnesses: EventOf<'harness'>[] = [];
  let death: string | undefined;
  const agent = await startAgents(agents, plan, {
    session: 0,
    nowMs: () => performance.now(),
    progress: () => undefined,
    died: (reason) => (death = reason),
    weakened: (reason) => (death = reason),
    event(event) {
      log.write(event);
      seen?.(event);
      if (event.kind === 'answered') count(counts, 'answered', event.seq.length);
      else if (event.kind === 'failure') count(counts, event.outcome);
      else if (event.kind === 'harness') harnesses.push(event);
      else if (event.kind === 'traffic-end') due = Object.values(event.due).reduce((sum, some) => sum + some, 0);
    },
  });
  const cpu = process.cpuUsage();
  try {
    const zeroMs = performance.now() + 50;
    agent.startAt(zeroMs);
    await meanwhile?.(zeroMs, agent);
    await agent.finish(forMs);
  } finally {
    await agent.close();
  }
  await log.close();
  const { user, system } = process.cpuUsage(cpu);
  const logBytes = statSync(path).size;
  rmSync(folder, { recursive: true });
  if (harnesses.length !== agents) throw new Error(`The agent did not finish. ${death ?? ''}`);
  const harness = worstOf(harnesses);
  return { counts, due, harness, ownerCpuMs: (user + system) / 1000, logBytes, lastedMs: forMs };
}

/** Several agents as one: the worst delays, and the sum of their CPU time. */
function worstOf(all: readonly EventOf<'harness'>[]): EventOf<'harness'> {
  const worst = (field: Exclude<keyof EventOf<'harness'>, 'kind' | 'session'>): number =>
    Math.max(...all.map((one) => one[field]));
  return {
    kind: 'harness',
    session: 0,
    sendDelayP50Ms: worst('sendDelayP50Ms'),
    sendDelayP99Ms: worst('sendDelayP99Ms'),
    sendDelayMaxMs: worst('sendDelayMaxMs'),
    eventLoopDelayP99Ms: worst('eventLoopDelayP99Ms'),
    eventLoopDelayMaxMs: worst('eventLoopDelayMaxMs'),
    agentCpuMs: all.reduce((sum, { agentCpuMs }) => sum + agentCpuMs, 0),
  };
}
