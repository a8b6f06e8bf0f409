/**
 * One agent, run from plan to done, with all that it told sorted for a test.
 *
 * Rule: the agent is the real one, in its own process.
 */
import type { EventOf, Story } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Plan, PlannedStream } from '../../src/model/plan.ts';
import { startAgent, type LocalAgent as Agent } from '../../src/traffic/agents/local.ts';

export interface Told {
  /** Outcomes by stream and arrival; an arrival told twice throws. */
  outcomes: Map<string, Map<number, Outcome>>;
  /** Of all that was sent. */
  counts: Partial<Record<Outcome, number>>;
  /** A busy machine may keep the agent from sending: its own fault, and none of the target's. */
  unsent: number;
  failures: { seq: number; outcome: Outcome; story: Story }[];
  latenciesMs: number[];
  retries: number;
  identities: string[];
  end: EventOf<'traffic-end'> | undefined;
  harness: EventOf<'harness'> | undefined;
  deaths: string[];
  progressed: number;
}

export function streamOf(more: Partial<PlannedStream> = {}): PlannedStream {
  return {
    name: 'fresh',
    ratePerSecond: 200,
    firstDueMs: 1,
    connection: 'new',
    connections: 8,
    request: { method: 'GET', path: '/', headers: {}, expect: {} },
    ...more,
  };
}

export function planOf(origin: string, streams: PlannedStream[], client: Partial<Plan['client']> = {}): Plan {
  return {
    origin,
    streams,
    sentinels: [],
    client: {
      kind: 'wire',
      timeoutMs: 5000,
      connectTimeoutMs: 5000,
      headTimeoutMs: 5000,
      bodyTimeoutMs: 5000,
      retry: 'none',
      ...client,
    },
    identityHeader: 'x-instance',
  };
}

/** Runs a plan for `forMs`. `meanwhile` may do what it likes to the agent and the target, given the plan's clock. */
export async function runAgent(
  plan: Plan,
  forMs: number,
  meanwhile: (agent: Agent, nowMs: () => number) => Promise<void> = async () => undefined,
): Promise<Told> {
  const told: Told = {
    outcomes: new Map(),
    counts: {},
    unsent: 0,
    failures: [],
    latenciesMs: [],
    retries: 0,
    identities: [],
    end: undefined,
    harness: undefined,
    deaths: [],
    progressed: 0,
  };
  const enter = (stream: string, seq: number, outcome: Outcome): void => {
    const known = told.outcomes.get(stream) ?? new Map<number, Outcome>();
    told.outcomes.set(stream, known);
    if (known.has(seq)) throw new Error(`arrival ${seq} of ${stream} was told twice`);
    known.set(seq, outcome);
    if (outcome === 'unsent') told.unsent += 1;
    else told.counts[outcome] = (told.counts[outcome] ?? 0) + 1;
  };
  const runStartMs = performance.now();
  const agent = await startAgent(plan, {
    session: 7,
    nowMs: () => performance.now() - runStartMs,
    progress: () => (told.progressed += 1),
    died: (reason) => told.deaths.push(reason),
    event(event) {
      if (event.kind === 'answered') {
        for (const seq of event.seq) enter(event.stream, seq, 'answered');
        for (const us of event.latencyUs) told.latenciesMs.push(us / 1000);
        for (const retries of event.retries ?? []) told.retries += retries;
      } else if (event.kind === 'failure') {
        enter(event.stream, event.seq, event.outcome);
        told.failures.push(event);
        told.retries += event.story.retries ?? 0;
      } else if (event.kind === 'identity') told.identities.push(event.value);
      else if (event.kind === 'traffic-end') told.end = event;
      else if (event.kind === 'harness') told.harness = event;
    },
  });
  try {
    const startMs = performance.now() - runStartMs + 50;
    agent.startAt(startMs);
    await meanwhile(agent, () => performance.now() - runStartMs - startMs);
    await agent.finish(forMs);
  } finally {
    await agent.close();
  }
  return told;
}
