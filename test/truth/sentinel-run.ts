/**
 * One restart with sentinels of one kind in place, from arming to disarming, on the real sockets of this process.
 *
 * Rule: the phases are told in their usual order; what the server does is its own affair.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Event, type EventOf } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Plan, PlannedSentinel, SentinelProblem } from '../../src/model/plan.ts';
import type { PlacedSentinel } from '../../src/model/sentinel.ts';
import type { TruthServer } from './sentinel-servers/server.ts';
import { openSentinels, type Sentinels } from '../../src/traffic/sentinels/index.ts';

export type Ended = Omit<EventOf<'sentinel'>, 'session'>;

export interface Watched {
  problems: SentinelProblem[];
  ended: Ended[];
  counts: Partial<Record<Outcome, number>>;
  due: number;
}

export interface Kind {
  name: PlacedSentinel;
  count: number;
  path?: string;
  expect?: PlannedSentinel['request']['expect'];
}

/** Sentinels of one kind against a target, with where their events go. */
export function sentinelsOn(origin: string, kind: Kind, ended: Ended[], limitMs = 4000, ca?: string): Sentinels {
  let connections = 0;
  const startedMs = performance.now();
  const plan: Plan = {
    origin,
    streams: [],
    sentinels: [
      {
        name: kind.name,
        count: kind.count,
        request: { method: 'GET', path: kind.path ?? '/', headers: {}, expect: kind.expect ?? {} },
      },
    ],
    client: {
      kind: 'wire',
      timeoutMs: limitMs,
      connectTimeoutMs: limitMs,
      headTimeoutMs: limitMs,
      bodyTimeoutMs: limitMs,
      retry: 'none',
      ...(ca === undefined ? {} : { tls: { ca } }),
    },
    identityHeader: 'x-instance',
  };
  return openSentinels(plan, {
    now: () => performance.now() - startedMs,
    nextConnection: () => connections++,
    identityIndex: () => 0,
    record(event) {
      Event.parse({ ...event, session: 0 });
      ended.push(event);
    },
  });
}

/** Arms, gives the signal, tells the phases and disarms. */
export async function restartUnder(server: TruthServer, kind: Kind, limitMs?: number): Promise<Watched> {
  const ended: Ended[] = [];
  const sentinels = sentinelsOn(server.origin, kind, ended, limitMs, server.ca);
  const problems = await sentinels.place(0);
  await server.ready(kind.count);
  server.signal();
  sentinels.phase(0, 'signalled');
  await delay(40);
  sentinels.phase(0, 'gone');
  sentinels.phase(0, 'ready');
  sentinels.phase(0, 'completed');
  await sentinels.release(0);
  const counts: Watched['counts'] = {};
  for (const { outcome } of ended) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return { problems, ended, counts, due: sentinels.due };
}
