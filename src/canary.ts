/**
 * Watches the traffic of a session for the steps of a canary, and has them judged.
 *
 * Rule: only what the agent has told counts. An answer belongs to the set of its identity; a failure without one, to the set that the
 * front door gave its connection to.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { canaryAnswerOf, type SetFacts } from './judge/canary.ts';
import type { Analyse, CanaryQuestion } from './model/canary.ts';
import type { Event } from './model/event.ts';

export interface CanaryWatch {
  add(event: Event): void;
  analyse: Analyse;
}

/** One request of a step; `ms` when it was answered. */
interface Seen {
  identity: string | undefined;
  localPort: number | undefined;
  isFresh: boolean;
  ms: number | undefined;
}

/** What the agent has counted and the front door has given out is told a moment later. */
const TOLD_WITHIN_MS = 250;

/** `freshStreams`: names of the streams whose requests have a connection of their own. */
export function openCanary(freshStreams: ReadonlySet<string>): CanaryWatch {
  const identities = new Map<number, string>();
  let seen: Seen[] | undefined;
  return {
    add(event) {
      if (event.kind === 'identity') identities.set(event.index, event.value);
      if (seen === undefined) return;
      if (event.kind === 'answered') {
        const isFresh = freshStreams.has(event.stream);
        for (const [row, us] of event.latencyUs.entries()) seen.push({ identity: identities.get(event.identity?.[row] ?? -1), localPort: undefined, isFresh, ms: us / 1000 });
      }
      if (event.kind === 'failure' && event.outcome !== 'unsent') {
        seen.push({ identity: identities.get(event.story.identity ?? -1), localPort: event.story.localPort, isFresh: freshStreams.has(event.stream), ms: undefined });
      }
    },
    async analyse(question) {
      const step: Seen[] = [];
      seen = step;
      await delay(question.forMs + TOLD_WITHIN_MS, undefined, { signal: question.aborted }).catch(() => undefined);
      seen = undefined;
      const { errorsBelow, share } = question;
      return canaryAnswerOf({ fresh: factsOf(step, true, question), old: factsOf(step, false, question), errorsBelow, share });
    },
  };
}

function factsOf(step: readonly Seen[], wanted: boolean, question: CanaryQuestion): SetFacts {
  const isNew = ({ identity, localPort }: Seen): boolean | undefined =>
    identity !== undefined ? question.isNewIdentity(identity) : localPort === undefined ? undefined : question.isNewPort(localPort);
  const own = step.filter((one) => isNew(one) === wanted);
  const latenciesMs = own.flatMap(({ isFresh, ms }) => (isFresh && ms !== undefined ? [ms] : [])).sort((one, other) => one - other);
  return { requests: own.length, failures: own.filter(({ ms }) => ms === undefined).length, latenciesMs };
}
