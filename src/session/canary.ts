/**
 * Watches the traffic of a session for the steps of a canary, writes down what was seen, and has it judged.
 *
 * Rule: only what the agent has told counts, and of a step all of it: what hangs fails when its time is over, and is
 * waited for. An answer belongs to the set of its identity; a failure without one, to the set that the front door gave
 * its connection to, where that is known.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { canaryAnswerOf } from '../judge/conclude/canary.ts';
import type { Analyse, CanaryQuestion, SetFacts, StepFacts } from '../model/canary.ts';
import type { Event } from '../model/event.ts';

export interface CanaryWatch {
  add(event: Event): void;
  analyse: Analyse;
}

/** One request of a step; `ms` when it was answered. */
interface Seen {
  stream: string;
  seq: number;
  identity: string | undefined;
  localPort: number | undefined;
  isFresh: boolean;
  ms: number | undefined;
}

/** What the agent has counted and the front door has given out is told a moment later. */
const TOLD_WITHIN_MS = 250;
const LOOK_EVERY_MS = 50;

/**
 * `freshStreams`: names of the streams whose requests have a connection of their own. `patienceMs`: after which a
 * request fails for being late. `found` is called with what a step is judged by.
 */
export function openCanary(
  freshStreams: ReadonlySet<string>,
  patienceMs: number,
  found: (facts: StepFacts) => void,
): CanaryWatch {
  const identities = new Map<number, string>();
  const underWay = openUnderWay();
  let seen: Seen[] | undefined;
  return {
    add(event) {
      if (event.kind === 'identity') identities.set(event.index, event.value);
      if (event.kind === 'answered') {
        const { stream } = event;
        const isFresh = freshStreams.has(stream);
        for (const [row, seq] of event.seq.entries()) {
          underWay.told(stream, seq);
          seen?.push({
            stream,
            seq,
            identity: identities.get(event.identity?.[row] ?? -1),
            localPort: undefined,
            isFresh,
            ms: (event.latencyUs[row] as number) / 1000,
          });
        }
      }
      if (event.kind === 'failure') {
        const { stream, seq, story } = event;
        underWay.told(stream, seq);
        if (event.outcome !== 'unsent') {
          seen?.push({
            stream,
            seq,
            identity: identities.get(story.identity ?? -1),
            localPort: story.localPort,
            isFresh: freshStreams.has(stream),
            ms: undefined,
          });
        }
      }
    },
    async analyse(question) {
      const pause = (ms: number): Promise<void> =>
        delay(ms, undefined, { signal: question.aborted }).catch(() => undefined);
      const told: Seen[] = [];
      seen = told;
      const since = underWay.latest();
      await pause(question.forMs + TOLD_WITHIN_MS);
      const until = underWay.latest();
      const facts = (): StepFacts =>
        stepFactsOf(
          told.filter(({ stream, seq }) => seq > (since.get(stream) ?? -1) && seq <= (until.get(stream) ?? -1)),
          question,
        );
      const endMs = performance.now() + patienceMs;
      // What is known to be worse already need not hang any longer.
      while (
        underWay.isAny(until) &&
        performance.now() < endMs &&
        !question.aborted.aborted &&
        canaryAnswerOf(facts()).verdict !== 'fail'
      ) {
        await pause(LOOK_EVERY_MS);
      }
      seen = undefined;
      const last = facts();
      found(last);
      return canaryAnswerOf(last);
    },
  };
}

/** Which requests have no outcome yet, by the numbers of those that have one. */
interface UnderWay {
  told(stream: string, seq: number): void;
  /** The latest of each stream that has an outcome. */
  latest(): Map<string, number>;
  /** Whether any up to those has none. */
  isAny(until: ReadonlyMap<string, number>): boolean;
}

function openUnderWay(): UnderWay {
  const latest = new Map<string, number>();
  const open = new Map<string, Set<number>>();
  return {
    told(stream, seq) {
      const last = latest.get(stream) ?? -1;
      const missing = open.get(stream) ?? new Set();
      open.set(stream, missing);
      missing.delete(seq);
      for (let skipped = last + 1; skipped < seq; skipped += 1) missing.add(skipped);
      latest.set(stream, Math.max(last, seq));
    },
    latest: () => new Map(latest),
    isAny: (until) =>
      [...open].some(([stream, missing]) => [...missing].some((seq) => seq <= (until.get(stream) ?? -1))),
  };
}

function stepFactsOf(step: readonly Seen[], question: CanaryQuestion): StepFacts {
  const isNew = ({ identity, localPort }: Seen): boolean | undefined =>
    identity !== undefined
      ? question.isNewIdentity(identity)
      : localPort === undefined
        ? undefined
        : question.isNewPort(localPort);
  const setOf = (wanted: boolean | undefined): SetFacts => factsOf(step.filter((one) => isNew(one) === wanted));
  const { errorsBelow, share } = question;
  return {
    fresh: setOf(true),
    old: setOf(false),
    unplaced: setOf(undefined).failures,
    errorsBelow,
    ...(share === undefined ? {} : { share }),
  };
}

function factsOf(own: readonly Seen[]): SetFacts {
  const latenciesMs = own
    .flatMap(({ isFresh, ms }) => (isFresh && ms !== undefined ? [ms] : []))
    .sort((one, other) => one - other);
  return { requests: own.length, failures: own.filter(({ ms }) => ms === undefined).length, latenciesMs };
}
