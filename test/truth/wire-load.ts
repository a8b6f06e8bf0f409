/**
 * Sends a number of requests through the wire client to a server that misbehaves, and hands back what both have
 * counted.
 *
 * Rule: the client's side is the real one, from socket to outcome.
 */
import { Worker } from 'node:worker_threads';
import { noCounts, count, type Counts } from '../../src/model/outcome.ts';
import { outcomeOf } from '../../src/traffic/classify.ts';
import type { Client, ClientOptions, Observation } from '../../src/traffic/client.ts';
import { openWireClient } from '../../src/traffic/http1/client.ts';

export const BODY = 'hello world!';

/** What the server says of itself: requests read, connections accepted, and each misdeed by its name. */
export type Confession = Record<string, number>;

export interface Misbehaving {
  origin: string;
  /** Unannounced ends of connections so far. */
  ended(): number;
  /** Ends the server; what it did. */
  confess(): Promise<Confession>;
}

/** TLS of the server: the options of node:tls, and what becomes of the handshakes of its connections, in turn. */
export interface MisbehavingTls {
  options: { key: string; cert: string; minVersion: string; maxVersion: string };
  handshakes: readonly string[];
}

/** Starts the server in its thread. */
export async function startMisbehaving(misdeeds: readonly string[], tls?: MisbehavingTls): Promise<Misbehaving> {
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./wire-server.mjs', import.meta.url), { workerData: { misdeeds, ended, tls } });
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  const { port } = await next<{ port: number }>();
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    ended: () => Atomics.load(ended, 0),
    async confess() {
      const answer = next<{ counts: Confession }>();
      worker.postMessage('end');
      return (await answer).counts;
    },
  };
}

export function clientOptions(origin: string, more: Partial<ClientOptions> = {}): ClientOptions {
  let connections = 0;
  const startedMs = performance.now();
  return {
    origin,
    request: { method: 'GET', path: '/', headers: {}, expect: { body: BODY } },
    connection: 'reused',
    connections: 4,
    mostConnections: 100,
    deadlines: { totalMs: 10_000, connectMs: 5000, headMs: 5000, bodyMs: 5000 },
    identityHeader: 'x-instance',
    now: () => performance.now() - startedMs,
    nextConnection: () => connections++,
    ...more,
  };
}

export interface Load {
  counts: Counts;
  observations: Observation[];
}

/**
 * Sends `requests` requests, `parallel` at a time, each as soon as the one before has ended and `between` has returned.
 */
export async function load(
  options: ClientOptions,
  requests: number,
  parallel = 4,
  between: (seen: Observation) => void = () => undefined,
  openClient: (options: ClientOptions) => Client = openWireClient,
): Promise<Load> {
  const client = openClient(options);
  const counts = noCounts();
  const observations: Observation[] = [];
  let sent = 0;
  await new Promise<void>((resolve) => {
    const send = (): void => {
      if (sent === requests) return;
      sent += 1;
      let answered = false;
      client.send(options.now(), (observation) => {
        if (answered) throw new Error('called back twice');
        answered = true;
        observations.push(observation);
        count(counts, outcomeOf(observation, options.request.expect).outcome);
        between(observation);
        if (observations.length === requests) resolve();
        else send();
      });
    };
    for (let lane = 0; lane < parallel; lane++) send();
  });
  client.close();
  return { counts, observations };
}
