/**
 * The owner's side of an agent: starts it, sets its clock against ours, tells it what to do, and hands on what it says.
 *
 * Rule: no call hangs and none rejects because the agent died. Its death is told once, by `died`; after it every call
 * returns at once.
 */
import { Event, type EventOf } from '../../model/event.ts';
import type { Plan, SentinelPhase, SentinelProblem, ToAgent } from '../../model/plan.ts';
import { AgentMessage } from './messages.ts';
import { spawnChild } from '../child.ts';
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
  readonly pid: number;
  /** Shortest round trip of the clock handshake; the clocks agree within half of it. */
  readonly handshakeMs: number;
  /** As the log's `traffic` event has them. */
  readonly streams: EventOf<'traffic'>['streams'];
  /** Begins the traffic in `inMs`; returns the moment of the plan's 0 in ms since the run's start. */
  startIn(inMs: number): number;
  /** Puts the sentinels of a restart in place; resolves with what could not be put there, or may see little. */
  arm(restart: number): Promise<SentinelProblem[]>;
  /** `localPorts`: only the sentinels with a connection from one of these are meant. */
  phase(restart: number, phase: SentinelPhase, localPorts?: readonly number[]): void;
  disarm(restart: number): Promise<void>;
  /**
   * No arrivals from `atPlanMs` on; resolves when all that was under way has ended, is told, and the process is gone.
   */
  finish(atPlanMs: number): Promise<void>;
  /** Ends the process at once, if it still runs; what was under way is not told. Resolves when it is gone. */
  close(): Promise<void>;
}

const PINGS = 8;
const START_LIMIT_MS = 30_000;
/** Longest wait for an answer, beyond what the plan's own deadlines allow. */
const ANSWER_LIMIT_MS = 10_000;
const EXIT_LIMIT_MS = 2000;

/** Starts an agent for a plan. Rejects when the process cannot be started or does not take the plan. */
export async function startAgent(plan: Plan, owner: AgentOwner): Promise<Agent> {
  const waiting = new Map<string, (message: AgentMessage) => void>();
  /** Until it has taken its plan, its end is told by rejecting. */
  let endIsNews = false;
  let gone: string | undefined;
  let trafficAtMs = owner.nowMs();

  const child = spawnChild('traffic/agent/main', (line) => {
    const message = gone === undefined ? messageOf(line) : undefined;
    if (message === undefined) return;
    switch (message.kind) {
      case 'log':
        return pass(message.event);
      case 'progress':
        return owner.progress({
          answered: message.answered,
          lost: message.lost,
          raced: message.raced,
          other: message.other,
        });
      case 'pong':
        return answer(`pong ${message.id}`, message);
      case 'armed':
      case 'disarmed':
        return answer(`${message.kind} ${message.restart}`, message);
      case 'planned':
      case 'done':
        return answer(message.kind, message);
    }
  });
  const death = child.ended.then((how) => lose(how));

  function messageOf(line: string): AgentMessage | undefined {
    try {
      return AgentMessage.parse(JSON.parse(line));
    } catch (error) {
      lose(`It sent a line that is no message: ${String(error)}`);
      return undefined;
    }
  }

  function pass(told: { kind: string; [field: string]: unknown }): void {
    const ofRun = told.kind === 'traffic-end' ? { ...told, atMs: Number(told['atMs']) + trafficAtMs } : told;
    const event = Event.safeParse({ ...ofRun, session: owner.session });
    if (event.success) owner.event(event.data);
    else lose(`It sent a wrong event of kind ${told.kind}: ${event.error.message}`);
  }

  function answer(key: string, message: AgentMessage): void {
    waiting.get(key)?.(message);
    waiting.delete(key);
  }

  /** Tells the death once, when nobody asked for it, and ends the process in case that it still runs. */
  function lose(reason: string): void {
    if (gone !== undefined) return;
    gone = reason;
    child.kill();
    if (endIsNews) owner.died(reason);
  }

  /** Sends a message and waits for its answer; undefined when the agent is gone. */
  async function ask(message: ToAgent, key: string, withinMs: number): Promise<AgentMessage | undefined> {
    if (gone !== undefined) return undefined;
    const answered = new Promise<AgentMessage>((resolve) => waiting.set(key, resolve));
    child.send(message);
    const limit = setTimeout(() => lose(`It did not answer "${message.kind}" within ${withinMs} ms.`), withinMs);
    const reply = await Promise.race([answered, death.then(() => undefined)]);
    clearTimeout(limit);
    return reply;
  }

  let handshakeMs = Infinity;
  let aheadMs = 0;
  for (let id = 0; id < PINGS; id += 1) {
    const sentMs = performance.now();
    const pong = await ask({ kind: 'ping', id }, `pong ${id}`, START_LIMIT_MS);
    const tripMs = performance.now() - sentMs;
    if (pong?.kind === 'pong' && tripMs < handshakeMs) {
      handshakeMs = tripMs;
      aheadMs = pong.agentMs - (sentMs + tripMs / 2);
    }
  }
  const planned = await ask({ kind: 'plan', plan }, 'planned', START_LIMIT_MS);
  if (planned === undefined) throw new Error(`The traffic agent did not take its plan. ${gone}`);
  endIsNews = true;

  return {
    pid: child.pid,
    handshakeMs,
    streams: plan.streams.map(({ name, ratePerSecond, firstDueMs, connection }) => ({
      name,
      ratePerSecond,
      firstDueMs,
      connection,
    })),
    startIn(inMs) {
      trafficAtMs = owner.nowMs() + inMs;
      child.send({ kind: 'start', atAgentMs: performance.now() + inMs + aheadMs } satisfies ToAgent);
      return trafficAtMs;
    },
    async arm(restart) {
      const armed = await ask({ kind: 'arm', restart }, `armed ${restart}`, plan.client.timeoutMs + ANSWER_LIMIT_MS);
      return armed?.kind === 'armed' ? armed.problems : [{ placed: false, message: 'The traffic agent is gone.' }];
    },
    phase(restart, phase, localPorts) {
      child.send({
        kind: 'phase',
        restart,
        phase,
        ...(localPorts === undefined ? {} : { localPorts: [...localPorts] }),
      } satisfies ToAgent);
    },
    async disarm(restart) {
      await ask({ kind: 'disarm', restart }, `disarmed ${restart}`, plan.client.timeoutMs + ANSWER_LIMIT_MS);
    },
    async finish(atPlanMs) {
      const untilEndMs = Math.max(0, trafficAtMs + atPlanMs - owner.nowMs());
      await ask({ kind: 'finish', atMs: atPlanMs }, 'done', untilEndMs + plan.client.timeoutMs + ANSWER_LIMIT_MS);
      endIsNews = false;
      await child.end(EXIT_LIMIT_MS);
    },
    async close() {
      endIsNews = false;
      child.kill();
      await child.ended;
    },
  };
}
