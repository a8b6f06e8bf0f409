/**
 * The owner's side of an agent: sets its clock against ours, gives it its plan, and passes on its events.
 *
 * Rule: it takes any channel to an agent and assumes neither that it is a child process nor that it shares our clock.
 * No call hangs and none rejects because the agent died. Its death is reported once, by `died`; after it every call
 * returns at once.
 */
import { Event, type EventOf } from '../../model/event.ts';
import type { FromAgent, Plan, SentinelPhase, SentinelProblem, ToAgent } from '../../model/plan.ts';
import type { Peer } from '../../processes/child.ts';
import type { Totals } from '../recorder.ts';

/** Where the agent's events go. */
export interface AgentOwner {
  /** Entered into each event. */
  session: number;
  /** ms since the run's start. */
  nowMs: () => number;
  event(event: Event): void;
  progress(totals: Totals): void;
  /** The agent is gone though nobody asked for it; the reason in words. Called at most once. */
  died(reason: string): void;
}

export interface Agent {
  /** Shortest round trip of the clock handshake; the clocks agree within half of it. */
  readonly handshakeMs: number;
  /** As the log's `traffic` event has them. */
  readonly streams: EventOf<'traffic'>['streams'];
  /** Begins the traffic: the plan's 0 is this moment, ms since the run's start. */
  startAt(atMs: number): void;
  /** Puts the sentinels of a restart in place; resolves with those that could not be, or that may see little. */
  place(restart: number): Promise<SentinelProblem[]>;
  /** `localPorts`: only the sentinels with a connection from one of these are meant. */
  phase(restart: number, phase: SentinelPhase, localPorts?: readonly number[]): void;
  /** Ends the sentinels of a restart that are left. */
  release(restart: number): Promise<void>;
  /** No arrivals from `atPlanMs` on; resolves when all requests have ended and been reported, and the agent is gone. */
  finish(atPlanMs: number): Promise<void>;
  /** Ends the agent at once, if it still runs; requests in flight are not reported. Resolves when it is gone. */
  close(): Promise<void>;
}

type Answer = Exclude<FromAgent, { kind: 'log' | 'progress' }>;

const PINGS = 8;
const START_LIMIT_MS = 30_000;
/** Longest wait for an answer, beyond the plan's own deadlines. */
const ANSWER_LIMIT_MS = 10_000;
const EXIT_LIMIT_MS = 2000;

/** Gives an agent its plan. Rejects when it does not take it; the agent has ended then. */
export async function openAgent(peer: Peer<FromAgent>, plan: Plan, owner: AgentOwner): Promise<Agent> {
  /** Until it has taken its plan, its end shows by rejecting; after `finish` and `close` it is expected. */
  let endIsNews = false;
  let trafficAtMs = owner.nowMs();
  const send = (message: ToAgent): void => peer.send(message);

  peer.listen((message) => {
    if (message.kind === 'log') pass(message.event);
    else if (message.kind === 'progress') {
      const { answered, lost, raced, other } = message;
      owner.progress({ answered, lost, raced, other });
    }
  });
  const lost = peer.lost.then((reason) => {
    if (endIsNews) owner.died(reason);
    endIsNews = false;
  });

  function pass(sent: { kind: string; [field: string]: unknown }): void {
    const ofRun = sent.kind === 'traffic-end' ? { ...sent, atMs: Number(sent['atMs']) + trafficAtMs } : sent;
    const event = Event.safeParse({ ...ofRun, session: owner.session });
    if (event.success) owner.event(event.data);
    else peer.lose(`It sent a wrong event of kind ${sent.kind}: ${event.error.message}`);
  }

  /** Asks; undefined when the agent is gone. One that does not answer in time is given up. */
  async function ask<K extends Answer['kind']>(
    question: ToAgent,
    kind: K,
    withinMs: number,
    isMeant: (answer: Extract<Answer, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<Answer, { kind: K }> | undefined> {
    const isAnswer = (message: FromAgent): message is Extract<Answer, { kind: K }> =>
      message.kind === kind && isMeant(message as Extract<Answer, { kind: K }>);
    try {
      return await peer.ask(question, isAnswer, withinMs);
    } catch (error) {
      peer.lose((error as Error).message);
      await lost;
      return undefined;
    }
  }

  let handshakeMs = Infinity;
  let aheadMs = 0;
  for (let id = 0; id < PINGS; id += 1) {
    const sentMs = performance.now();
    const pong = await ask({ kind: 'ping', id }, 'pong', START_LIMIT_MS, (answer) => answer.id === id);
    const tripMs = performance.now() - sentMs;
    if (pong !== undefined && tripMs < handshakeMs) {
      handshakeMs = tripMs;
      aheadMs = pong.agentMs - (sentMs + tripMs / 2);
    }
  }
  if ((await ask({ kind: 'plan', plan }, 'planned', START_LIMIT_MS)) === undefined) {
    throw new Error(`The traffic agent did not take its plan. ${await peer.lost}`);
  }
  endIsNews = true;
  const placingMs = plan.client.timeoutMs + ANSWER_LIMIT_MS;

  return {
    handshakeMs,
    streams: plan.streams.map(({ name, ratePerSecond, firstDueMs, connection }) => ({
      name,
      ratePerSecond,
      firstDueMs,
      connection,
    })),
    startAt(atMs) {
      trafficAtMs = atMs;
      send({ kind: 'start', atAgentMs: performance.now() + (atMs - owner.nowMs()) + aheadMs });
    },
    async place(restart) {
      const placed = await ask({ kind: 'place', restart }, 'placed', placingMs, (answer) => answer.restart === restart);
      return placed?.problems ?? [{ placed: false, message: 'The traffic agent is gone.' }];
    },
    phase(restart, phase, localPorts) {
      const ports = localPorts === undefined ? {} : { localPorts: [...localPorts] };
      send({ kind: 'phase', restart, phase, ...ports });
    },
    async release(restart) {
      await ask({ kind: 'release', restart }, 'released', placingMs, (answer) => answer.restart === restart);
    },
    async finish(atPlanMs) {
      const untilEndMs = Math.max(0, trafficAtMs + atPlanMs - owner.nowMs());
      const limitMs = untilEndMs + plan.client.timeoutMs + ANSWER_LIMIT_MS;
      await ask({ kind: 'finish', atMs: atPlanMs }, 'done', limitMs);
      endIsNews = false;
      await peer.end(EXIT_LIMIT_MS);
    },
    async close() {
      endIsNews = false;
      peer.kill();
      await peer.ended;
    },
  };
}
