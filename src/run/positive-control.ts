/**
 * The positive control: an agent sends the traffic of the arms to the leaky server, and both count what it did.
 *
 * Rule: none of it enters a ledger. One event tells both counts; whether they agree is judged from the log.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startLeakyServer } from '../controls/leaky-process.ts';
import type { Tally } from '../controls/leaky-server.ts';
import { CONTROL_LASTS_MS, controlPlanOf, leakPlanOf } from '../controls/positive.ts';
import type { Event, EventOf } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { Arm } from '../model/scenario.ts';
import { startAgent } from '../traffic/agents/local.ts';
import { planOf } from '../traffic/plan.ts';

/** The agent gets this long to be ready to send before its plan begins. */
const LEAD_MS = 50;
const NOWHERE = '127.0.0.1:1';

export interface ControlOptions {
  /** ms since the run's start. */
  nowMs: () => number;
  write: (event: Event) => void;
  /** Ends it early; then nothing is told. */
  signal: AbortSignal;
  /** The run's token; default: a new one. */
  token?: string;
}

/** Measures every distinct traffic of the arms that ask for it, once, and tells the log. */
export async function runPositiveControls(
  arms: readonly Arm[],
  { nowMs, write, signal, token }: ControlOptions,
): Promise<void> {
  const asking = arms.filter(({ controls }) => controls.positive);
  for (const [traffic, sharing] of groupsOf(asking)) {
    const atMs = nowMs();
    const measured = await measure(traffic, nowMs, signal, token).catch((error: unknown) => ({
      expected: {},
      counted: {},
      problem: error instanceof Error ? error.message : String(error),
    }));
    if (signal.aborted) return;
    write({ kind: 'control', control: 'positive', arms: sharing, atMs, tookMs: nowMs() - atMs, ...measured });
  }
}

/** The distinct plans of control, each with the names of the arms that share it. */
function groupsOf(arms: readonly Arm[]): [Plan, string[]][] {
  const groups = new Map<string, [Plan, string[]]>();
  for (const arm of arms) {
    const origin = `${new URL(arm.target.url.replaceAll('${PORT}', '1')).protocol}//${NOWHERE}`;
    const plan = controlPlanOf(planOf(arm, origin), origin);
    const group = groups.get(JSON.stringify(plan));
    if (group === undefined) groups.set(JSON.stringify(plan), [plan, [arm.name]]);
    else group[1].push(arm.name);
  }
  return [...groups.values()];
}

/** https: the server of the control has a certificate of its own, which is trusted in place of the target's. */
function trusting({ client }: Plan, ca: string | undefined): Pick<Plan['client'], 'tls'> {
  return ca === undefined ? {} : { tls: { ca, fullHandshakes: client.tls?.fullHandshakes === true } };
}

type Measured = Pick<EventOf<'control'>, 'expected' | 'counted' | 'problem'>;

/**
 * Sends a plan of control to a leaky server, and returns what both counted. Rejects when one of the two cannot be
 * started.
 */
export async function measure(plan: Plan, nowMs: () => number, signal: AbortSignal, token?: string): Promise<Measured> {
  const server = await startLeakyServer(leakPlanOf(plan), token);
  const counted: Tally = {};
  const count = (outcome: Outcome, times: number): void => {
    if (outcome !== 'unsent') counted[outcome] = (counted[outcome] ?? 0) + times;
  };
  let problem: string | undefined;
  try {
    const agent = await startAgent(
      { ...plan, origin: server.origin, client: { ...plan.client, ...trusting(plan, server.ca) } },
      {
        session: 0,
        nowMs,
        event(event) {
          if (event.kind === 'answered') count('answered', event.seq.length);
          else if (event.kind === 'failure') count(event.outcome, 1);
        },
        progress: () => undefined,
        died: (reason) => (problem = `the agent that sends the traffic ended early: ${reason}`),
      },
      token,
    );
    try {
      agent.startAt(nowMs() + LEAD_MS);
      await delay(LEAD_MS + CONTROL_LASTS_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await agent.finish(CONTROL_LASTS_MS);
    } finally {
      await agent.close();
    }
    return { expected: await server.tally(), counted, ...(problem === undefined ? {} : { problem }) };
  } finally {
    await server.close();
  }
}
