/**
 * The positive control's plan: the traffic of an arm, sent to the leaky server for a moment.
 *
 * Rule: streams, connections, requests and client are those of the arm, but for repeats. What a good answer is comes
 * from the server; rates are raised when they would meet too few faults, and deadlines so short that a busy machine
 * could miss them are lengthened.
 */
import type { Plan, PlannedStream } from '../model/plan.ts';
import { ALONE, GOOD_BODY, LEAKS, STREAM_LEAKS, type LeakPlan } from './leaks.ts';

/** How long arrivals are sent, ms. */
export const CONTROL_LASTS_MS = 1000;

const LEAST_REQUESTS = 200;
const FAULTS_OF_EACH_KIND = 10;
/** Beyond this share, connections would hardly live long enough to be reused. */
const MOST_SHARE = 0.25;
const SHORTEST_DEADLINE_MS = 500;
/** A stall must last until the deadline, so it is left out when that is further away. */
const LONGEST_STALL_MS = 1000;

/** The plan of the control's agent, from the plan of an arm. */
export function controlPlanOf(plan: Plan, origin: string): Plan {
  const faster = Math.max(1, LEAST_REQUESTS / requestsOf(plan.streams));
  const atLeast = (ms: number): number => Math.max(ms, SHORTEST_DEADLINE_MS);
  const { client } = plan;
  return {
    ...plan,
    origin,
    streams: plan.streams.map((stream) => ({
      ...stream,
      ratePerSecond: stream.ratePerSecond * faster,
      firstDueMs: stream.firstDueMs / faster,
      request: {
        ...stream.request,
        ...(client.kind === 'http2' && stream.connection === 'new'
          ? { headers: { ...stream.request.headers, [ALONE]: '1' } }
          : {}),
        expect: { status: 200, ...(stream.request.method === 'HEAD' ? {} : { body: GOOD_BODY }) },
      },
    })),
    sentinels: [],
    client: {
      ...client,
      // A request that is repeated is one for the client and two for the server.
      retry: 'none',
      timeoutMs: atLeast(client.timeoutMs),
      connectTimeoutMs: atLeast(client.connectTimeoutMs),
      headTimeoutMs: atLeast(client.headTimeoutMs),
      bodyTimeoutMs: atLeast(client.bodyTimeoutMs),
    },
  };
}

/** What the leaky server is to do while it is sent this plan of {@link controlPlanOf}. */
export function leakPlanOf({ origin, streams, client }: Plan): LeakPlan {
  const hasBodies = streams.every(({ request }) => request.method !== 'HEAD');
  const canStall = Math.min(client.timeoutMs, client.headTimeoutMs) <= LONGEST_STALL_MS;
  const isHttp2 = client.kind === 'http2';
  const leaks = LEAKS.filter(
    (leak) =>
      (leak !== 'stalled' || canStall) &&
      (leak !== 'wrong-body' || hasBodies) &&
      (isHttp2 || !STREAM_LEAKS.includes(leak)),
  );
  return {
    leaks,
    share: Math.min(MOST_SHARE, (FAULTS_OF_EACH_KIND * leaks.length) / requestsOf(streams)),
    ...(origin.startsWith('https:') ? { secure: true } : {}),
    ...(isHttp2 ? { isHttp2 } : {}),
  };
}

/** Requests that the control would send at these rates. */
function requestsOf(streams: readonly PlannedStream[]): number {
  return (streams.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0) * CONTROL_LASTS_MS) / 1000;
}
