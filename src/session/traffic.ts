/**
 * The traffic of a session: its agents, its pressure, and the look at how busy the machine is meanwhile.
 *
 * Rule: what is started is in `closing` before anything else is.
 */
import type { Arm } from '../model/scenario.ts';
import type { Event } from '../model/event.ts';
import type { RunningTarget } from '../targets/target.ts';
import { tlsOf } from '../targets/tls.ts';
import type { Agent } from '../traffic/agents/agent.ts';
import { startAgents } from '../traffic/agents/local.ts';
import { planOf } from '../traffic/plan.ts';
import { startPressure } from '../traffic/pressure/pressure.ts';
import { openAttribution, type Attribution } from './attribution.ts';
import { watchMachine } from './machine-watch.ts';
import type { Scene } from './scene.ts';

/** The agent gets this long to be ready to send before its plan begins. */
const LEAD_MS = 100;

export interface SessionTraffic {
  agent: Agent;
  /** When its plan begins, ms since the run's start. */
  atMs: number;
}

/** Starts to send to a target that is healthy. */
export async function startTraffic(scene: Scene, target: RunningTarget): Promise<SessionTraffic> {
  const { session, write, nowMs, closing } = scene;
  const attribution = openAttribution(target.chosenFor, write);
  closing.push(() => Promise.resolve(attribution.flush()));
  const agent = await agentsFor(scene, target, attribution);
  closing.push(() => agent.close());
  startPressureOf(scene, target);
  closing.push(watchedMachine(scene));
  const atMs = nowMs() + LEAD_MS;
  agent.startAt(atMs);
  write({ kind: 'traffic', session, atMs, streams: agent.streams, handshakeMs: agent.handshakeMs });
  scene.tellAgent = (restart, phase, localPorts) => agent.phase(restart, phase, localPorts);
  return { agent, atMs };
}

function agentsFor(scene: Scene, target: RunningTarget, attribution: Attribution): Promise<Agent> {
  const { session, arm, strategy, agents, write, nowMs, progress, canary, endEarly } = scene;
  const has = (step: (typeof strategy.steps)[number]['kind']): boolean =>
    strategy.steps.some(({ kind }) => kind === step);
  const analyses = has('analyse');
  return startAgents(
    agents,
    planOf(arm, target.origin, has('freeze'), tlsOf(arm.target)),
    {
      session,
      nowMs,
      event(event) {
        if (isDropped(event)) scene.dropped += 1;
        if (analyses) canary.add(event);
        attribution.write(event);
      },
      progress: (totals) => progress.tick(totals),
      died: (reason) =>
        endEarly({
          code: 'agent-died',
          message: `the agent that sends the traffic ended early: ${reason}`,
          hint: 'Run again; if it happens again, report it as a bug of zerodrop.',
        }),
      weakened: (reason) =>
        write({
          kind: 'fact',
          session,
          atMs: nowMs(),
          code: 'agent-died',
          message:
            `one of the ${agents} agents that send the traffic ended early, and its requests count as ` +
            `unsent: ${reason}`,
        }),
    },
    scene.token,
  );
}

/** Whether an event is a request that the target did not answer. */
function isDropped(event: Event): boolean {
  return (
    (event.kind === 'failure' || event.kind === 'sentinel') &&
    event.outcome !== 'answered' &&
    event.outcome !== 'unsent'
  );
}

function startPressureOf({ session, arm, token, write, closing }: Scene, target: RunningTarget): void {
  if (arm.traffic.pressure === undefined) return;
  const pressure = startPressure(target.origin, arm.traffic.pressure, token);
  closing.push(async () => write({ kind: 'pressure', session, ...(await pressure.stop()) }));
}

function watchedMachine({ session, arm, token, write, nowMs }: Scene): () => Promise<void> {
  const unwatch = watchMachine({ session, token, knowsTarget: arm.target.command !== undefined, write, nowMs });
  return () => Promise.resolve(unwatch());
}

/** The streams whose requests have a connection of their own; all of them when there are no such. */
export function freshStreamsOf({ traffic: { arrivals } }: Arm): Set<string> {
  const fresh = Object.keys(arrivals).filter((name) => arrivals[name]?.connection === 'new');
  return new Set(fresh.length > 0 ? fresh : Object.keys(arrivals));
}
