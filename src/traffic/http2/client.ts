/**
 * The HTTP/2 client: each request is a stream of its own, on connections whose every frame it knows.
 *
 * Rule: one request, one observation; nothing is repeated, nothing queues, and a connection is opened only for an
 * arrival (or to warm up). A request goes to the connection with the fewest streams under way, the least recently used
 * of them first. What was opened beyond the stream's own connections, while none could take a request, gets no more.
 */
import type { Client, ClientOptions, Observation } from '../client.ts';
import { addressOf } from '../http1/address.ts';
import { KEPT_MS } from '../surplus.ts';
import { Security } from '../tls/security.ts';
import { Connection } from './connection.ts';
import { encoded } from './hpack.ts';
import { fieldsOf, type Route } from './route.ts';

/** How often deadlines are looked at, ms; a deadline is noticed by so much late. */
const SWEEP_MS = 5;

/** Opens a client for one stream of arrivals. Nothing is connected before the first request or `warmUp`. */
export function openHttp2Client(options: ClientOptions): Client {
  const { hostname, port, host, protocol } = new URL(options.origin);
  const name = hostname.replace(/^\[|\]$/g, '');
  const isSecure = protocol === 'https:';
  const all = new Set<Connection>();
  /** Those that may carry further requests, the oldest first. */
  const open = new Set<Connection>();
  let busy = 0;
  let closed = false;
  const waitingToWarm = new Set<Connection>();
  let warmed: (() => void) | undefined;

  const { request } = options;
  const route: Route<Connection> = {
    host: name,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    security: isSecure ? new Security(options.tls ?? {}, name, ['h2']) : undefined,
    head: encoded(fieldsOf(request, isSecure ? 'https' : 'http', host)),
    body: Buffer.from(request.body ?? ''),
    answering: { expect: request.expect, toHead: request.method === 'HEAD', identityHeader: options.identityHeader },
    reuses: options.connection === 'reused',
    deadlines: options.deadlines,
    shortestHandshakeMs: Infinity,
    now: options.now,
    opened(connection) {
      if (route.reuses) open.add(connection);
      settleWarming(connection);
    },
    over(connection) {
      open.delete(connection);
      if (connection.isGone) all.delete(connection);
      settleWarming(connection);
    },
    ended() {
      busy -= 1;
    },
  };

  function settleWarming(connection: Connection): void {
    if (waitingToWarm.delete(connection) && waitingToWarm.size === 0) warmed?.();
  }

  /** The connection with the fewest streams; undefined when a new one is to be opened. */
  function leastBusy(): Connection | undefined {
    let best: Connection | undefined;
    let looked = 0;
    for (const connection of open) {
      if (!connection.usable) continue;
      looked += 1;
      if (looked > options.connections && best !== undefined) break;
      const isBetter =
        best === undefined ||
        connection.load < best.load ||
        (connection.load === best.load && connection.usedMs < best.usedMs);
      if (isBetter) best = connection;
    }
    return best !== undefined && best.load > 0 && all.size < options.connections ? undefined : best;
  }

  /** Gives up what is not needed any more. */
  function dropSurplus(nowMs: number): void {
    for (const connection of [...open].slice(options.connections)) {
      if (connection.load === 0 && nowMs - connection.usedMs > KEPT_MS) connection.drop();
    }
  }

  const sweep = setInterval(() => {
    // After the sockets have been read: an answer that already exists is no timeout, however late we look.
    setImmediate(() => {
      if (closed) return;
      const nowMs = options.now();
      for (const connection of all) connection.expire(nowMs);
      if (open.size > options.connections) dropSurplus(nowMs);
    });
  }, SWEEP_MS).unref();

  return {
    async warmUp() {
      route.host = await addressOf(route.host, route.port, options.deadlines.connectMs);
      const missing = route.reuses ? options.connections - all.size : 0;
      if (missing <= 0 || closed) return;
      await new Promise<void>((settle) => {
        warmed = settle;
        for (let opened = 0; opened < missing; opened++) {
          const connection = new Connection(route, options.nextConnection());
          all.add(connection);
          waitingToWarm.add(connection);
        }
      });
    },
    send(dueMs, done, fresh = false) {
      if (closed) throw new Error('send() on a closed client');
      const observation: Observation = {
        dueMs,
        sentMs: options.now(),
        endMs: 0,
        connection: -1,
        ending: 'open',
        complete: false,
      };
      busy += 1;
      const ready = fresh ? undefined : leastBusy();
      if (ready !== undefined) {
        observation.connection = ready.number;
        ready.send({ observation, done });
      } else if (all.size < options.mostConnections) {
        observation.connection = options.nextConnection();
        all.add(new Connection(route, observation.connection, { observation, done }));
      } else {
        process.nextTick(() => {
          if (closed) return;
          busy -= 1;
          done({ ...observation, endMs: options.now(), ending: 'never', errno: 'POOL' });
        });
      }
    },
    get open() {
      return all.size;
    },
    get busy() {
      return busy;
    },
    close() {
      closed = true;
      clearInterval(sweep);
      for (const connection of [...all]) connection.drop();
      busy = 0;
    },
  };
}
