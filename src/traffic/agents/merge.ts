/**
 * The events of several agents, made into those of one.
 *
 * Rule: the log reads as if one agent had sent the plan: arrivals have the numbers of the whole stream, connections and
 * identities are unique in the session, and due counts are sums. An arrival whose agent is gone, or was not reached by
 * the end in time, is entered as unsent; nothing else is added.
 */
import type { Event, EventOf, Story } from '../../model/event.ts';
import { dueCountBy, dueMsOf } from '../../model/pacing.ts';
import type { Plan, PlannedStream } from '../../model/plan.ts';
import { sendersOf } from './shares.ts';

export interface Merge {
  /** Takes an event of an agent. */
  take(agent: number, event: Event): void;
  /** All agents have finished or are gone: enters what no agent has sent, and the end, if any agent came to it. */
  finish(): void;
}

interface Whole {
  stream: PlannedStream;
  senders: number;
  /** 1 for each arrival that has an outcome. */
  seen: Uint8Array;
  /** Highest arrival that has an outcome, plus one. */
  length: number;
}

/** Opens a merge. `trafficAtMs` is the moment of the plan's 0, ms since the run's start. */
export function openMerge(plan: Plan, agents: number, trafficAtMs: () => number, emit: (event: Event) => void): Merge {
  const wholes = new Map(
    plan.streams.map((stream): [string, Whole] => [
      stream.name,
      { stream, senders: sendersOf(stream, agents), seen: new Uint8Array(1024), length: 0 },
    ]),
  );
  /** Index of each identity in the log, and by agent the one that its own index means. */
  const identities = new Map<string, number>();
  const identityOf = Array.from({ length: agents }, (): number[] => []);
  const sentinelsSeen = new Array<number>(agents).fill(0);
  const ends = new Map<number, EventOf<'traffic-end'>>();

  const wholeOf = (name: string): Whole => {
    const whole = wholes.get(name);
    if (whole === undefined) throw new Error(`An agent sent an arrival of stream ${name}, which the plan lacks.`);
    return whole;
  };
  const connection = (agent: number, own: number): number => (own < 0 ? own : own * agents + agent);
  const identity = (agent: number, own: number): number => (own < 0 ? own : (identityOf[agent]?.[own] ?? -1));

  function arrival(agent: number, name: string, own: number): number {
    const whole = wholeOf(name);
    const seq = own * whole.senders + agent;
    if (seq >= whole.seen.length) {
      const grown = new Uint8Array(Math.max(seq + 1, whole.seen.length * 2));
      grown.set(whole.seen);
      whole.seen = grown;
    }
    whole.seen[seq] = 1;
    whole.length = Math.max(whole.length, seq + 1);
    return seq;
  }

  function story(agent: number, own: Story): Story {
    const whole: Story = { ...own, connection: connection(agent, own.connection) };
    if (own.identity !== undefined) whole.identity = identity(agent, own.identity);
    return whole;
  }

  function enterIdentity(agent: number, event: EventOf<'identity'>): void {
    let index = identities.get(event.value);
    if (index === undefined) {
      index = identities.size;
      identities.set(event.value, index);
      emit({ ...event, index });
    }
    (identityOf[agent] as number[])[event.index] = index;
  }

  function take(agent: number, event: Event): void {
    switch (event.kind) {
      case 'answered':
        return emit({
          ...event,
          seq: event.seq.map((own) => arrival(agent, event.stream, own)),
          connection: event.connection.map((own) => connection(agent, own)),
          ...(event.identity === undefined ? {} : { identity: event.identity.map((own) => identity(agent, own)) }),
        });
      case 'failure':
        return emit({
          ...event,
          seq: arrival(agent, event.stream, event.seq),
          story: story(agent, event.story),
        });
      case 'sentinel':
        (sentinelsSeen[agent] as number) += 1;
        return emit({ ...event, story: story(agent, event.story) });
      case 'identity':
        return enterIdentity(agent, event);
      case 'traffic-end':
        ends.set(agent, event);
        return;
      default:
        return emit(event);
    }
  }

  /** Enters every arrival due before the end that has no outcome; returns how many were due. */
  function fill(session: number, { stream, seen, length, senders }: Whole, endMs: number): number {
    const due = Math.max(length, dueCountBy(stream, endMs));
    for (let seq = 0; seq < due; seq += 1) {
      if (seen[seq] === 1) continue;
      const dueMs = dueMsOf(stream, seq);
      const note = ends.has(seq % senders)
        ? 'Its agent had ended its part of the traffic before the others did.'
        : 'The agent that was to send it, one of several, had ended early.';
      const unsent: Story = { dueMs, endMs: dueMs, connection: -1, ending: 'never', note };
      emit({ kind: 'failure', session, stream: stream.name, seq, outcome: 'unsent', story: unsent });
    }
    return due;
  }

  return {
    take,
    finish() {
      const [first] = ends.values();
      if (first === undefined) return;
      const atMs = Math.max(...[...ends.values()].map((end) => end.atMs));
      const due = [...wholes].map(([name, whole]) => [name, fill(first.session, whole, atMs - trafficAtMs())]);
      // Of an agent that is gone only those are known that had ended.
      const sentinelsDue = sentinelsSeen.map((known, agent) => ends.get(agent)?.sentinelsDue ?? known);
      emit({
        ...first,
        atMs,
        due: Object.fromEntries(due) as Record<string, number>,
        sentinelsDue: sentinelsDue.reduce((sum, some) => sum + some, 0),
      });
    },
  };
}
