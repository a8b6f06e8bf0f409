/**
 * The streams of a plan: a client and its arrivals for each.
 *
 * Rule: connections are provisioned for the rate times the longest stall, so that the open loop never waits for one.
 */
import type { Plan } from '../../model/plan.ts';
import { openArrivals, type Arrivals } from '../arrivals.ts';
import type { Client, ClientOptions } from '../client.ts';
import type { Recorder } from '../recorder.ts';

/** No stream holds more connections: a machine has some 28,000 ports towards one address. */
const MOST_CONNECTIONS = 20_000;

export type OpenClient = (options: ClientOptions) => Client;

export interface OpenStream {
  name: string;
  client: Client;
  arrivals: Arrivals;
}

/** What all streams of a plan share. */
export interface Shared {
  openClient: OpenClient;
  recorder: Recorder;
  /** ms since the plan's start. */
  now: () => number;
  nextConnection: () => number;
  /** Told how late each arrival left, ms. */
  late: (lateMs: number) => void;
}

/** Loads the client that the plan names, and only that. */
export async function clientOpener(kind: Plan['client']['kind']): Promise<OpenClient> {
  switch (kind) {
    case 'wire':
      return (await import('../http1/client.ts')).openWireClient;
    case 'http2':
      return (await import('../http2/client.ts')).openHttp2Client;
    case 'undici':
      return (await import('../undici/undici-client.ts')).openUndiciClient;
  }
}

/** Opens all streams; nothing is sent before their first tick. */
export function openStreams(plan: Plan, { openClient, recorder, now, nextConnection, late }: Shared): OpenStream[] {
  const { timeoutMs, connectTimeoutMs, headTimeoutMs, bodyTimeoutMs, retry, tls } = plan.client;
  return plan.streams.map((stream) => {
    const client = openClient({
      origin: plan.origin,
      request: stream.request,
      connection: stream.connection,
      connections: stream.connections,
      mostConnections: Math.min(
        MOST_CONNECTIONS,
        stream.connections + Math.ceil((stream.ratePerSecond * timeoutMs) / 1000),
      ),
      deadlines: { totalMs: timeoutMs, connectMs: connectTimeoutMs, headMs: headTimeoutMs, bodyMs: bodyTimeoutMs },
      ...(plan.identityHeader === undefined ? {} : { identityHeader: plan.identityHeader }),
      ...(tls === undefined ? {} : { tls }),
      now,
      nextConnection,
    });
    return { name: stream.name, client, arrivals: openArrivals({ stream, client, retry, recorder, now, late }) };
  });
}
