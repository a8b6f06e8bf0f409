/**
 * The wire client: an HTTP/1.1 client that is a measuring instrument, on connections whose every byte it knows.
 *
 * Rule: one request, one observation; nothing is repeated, nothing queues, and a connection is opened only for an
 * arrival (or to warm up). It reuses the least recently used idle connection at once, as a naive client does, without
 * looking for a pending FIN. What a burst opened beyond the stream's own connections is kept for a moment.
 */
import type { Client, ClientOptions, Observation } from '../client.ts';
import { openSurplus, type Surplus } from '../surplus.ts';
import { Security } from '../tls/security.ts';
import { addressOf } from './address.ts';
import { Connection, type Exchange } from './connection.ts';
import { requestBytes } from './request.ts';
import type { Route } from './route.ts';

/**
 * How often deadlines are looked at: a deadline is noticed late by a hundredth of the shortest, within these bounds in
 * ms. Each look wakes the process.
 */
const SWEEP_SHARE = 0.01;
const SHORTEST_SWEEP_MS = 5;
const LONGEST_SWEEP_MS = 50;

/** Opens a client for one stream. Nothing is connected before the first request or `warmUp`. */
export function openWireClient(options: ClientOptions): WireClient {
  return new WireClient(options);
}

export class WireClient implements Client {
  readonly #options: ClientOptions;
  readonly #route: Route<Connection>;
  readonly #all = new Set<Connection>();
  /** Idle connections, the least recently used first. */
  readonly #idle = new Set<Connection>();
  readonly #surplus: Surplus;
  readonly #sweepMs: number;
  #busy = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;
  #warming = new Set<Connection>();
  #warm: (() => void) | undefined;

  constructor(options: ClientOptions) {
    const { hostname, port, host, protocol } = new URL(options.origin);
    const name = hostname.replace(/^\[|\]$/g, '');
    const isSecure = protocol === 'https:';
    this.#options = options;
    this.#surplus = openSurplus(options.connections);
    const { totalMs, connectMs, headMs, bodyMs } = options.deadlines;
    const shareMs = Math.min(totalMs, connectMs, headMs, bodyMs) * SWEEP_SHARE;
    this.#sweepMs = Math.min(Math.max(SHORTEST_SWEEP_MS, shareMs), LONGEST_SWEEP_MS);
    this.#route = {
      host: name,
      port: port === '' ? (isSecure ? 443 : 80) : Number(port),
      request: options.request,
      bytes: requestBytes(options.request, host, options.connection === 'new'),
      security: isSecure ? new Security(options.tls ?? {}, name, ['http/1.1']) : undefined,
      reuses: options.connection === 'reused',
      deadlines: options.deadlines,
      identityHeader: options.identityHeader,
      shortestHandshakeMs: Infinity,
      now: options.now,
      rested: (connection) => this.#rested(connection),
      gone: (connection) => this.#gone(connection),
      ended: () => {
        this.#busy -= 1;
      },
    };
  }

  get free(): number {
    return this.#route.reuses ? this.#idle.size : Infinity;
  }

  get open(): number {
    return this.#all.size;
  }

  get busy(): number {
    return this.#busy;
  }

  send(dueMs: number, done: (observation: Observation) => void, fresh = false): void {
    if (this.#closed) throw new Error('send() on a closed client');
    const observation: Observation = {
      dueMs,
      sentMs: this.#options.now(),
      endMs: 0,
      connection: -1,
      ending: 'open',
      complete: false,
    };
    this.#busy += 1;
    this.#surplus.busy(this.#busy);
    this.#watch();
    const idle = fresh ? undefined : this.#leastRecentlyUsed();
    if (idle !== undefined) {
      observation.connection = idle.number;
      idle.send({ observation, done });
    } else if (this.#all.size < this.#options.mostConnections) {
      observation.connection = this.#options.nextConnection();
      this.#connect(observation.connection, { observation, done });
    } else {
      this.#refuse(observation, done);
    }
  }

  /** Opens the connections that are kept, and settles when each is connected or refused. Never rejects. */
  async warmUp(): Promise<void> {
    this.#route.host = await addressOf(this.#route.host, this.#route.port, this.#options.deadlines.connectMs);
    const missing = this.#route.reuses ? this.#options.connections - this.#all.size : 0;
    if (missing <= 0 || this.#closed) return;
    await new Promise<void>((settle) => {
      this.#warm = settle;
      this.#watch();
      for (let opened = 0; opened < missing; opened++) this.#warming.add(this.#connect(this.#options.nextConnection()));
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const connection of [...this.#all]) connection.drop();
    this.#busy = 0;
  }

  #connect(number: number, exchange?: Exchange): Connection {
    const connection = new Connection(this.#route, number, exchange);
    this.#all.add(connection);
    return connection;
  }

  #leastRecentlyUsed(): Connection | undefined {
    for (const connection of this.#idle) {
      this.#idle.delete(connection);
      return connection;
    }
    return undefined;
  }

  /** All connections that we may have are busy. Called back later, as every other request is. */
  #refuse(observation: Observation, done: (observation: Observation) => void): void {
    process.nextTick(() => {
      if (this.#closed) return;
      this.#busy -= 1;
      observation.endMs = this.#options.now();
      observation.ending = 'never';
      observation.errno = 'POOL';
      done(observation);
    });
  }

  #rested(connection: Connection): void {
    this.#warmed(connection);
    this.#idle.add(connection);
  }

  #gone(connection: Connection): void {
    this.#warmed(connection);
    this.#all.delete(connection);
    this.#idle.delete(connection);
  }

  #warmed(connection: Connection): void {
    if (this.#warming.delete(connection) && this.#warming.size === 0) this.#warm?.();
  }

  #watch(): void {
    // After the sockets have been read: an answer that already exists is no timeout, however late we look.
    this.#sweep ??= setInterval(() => setImmediate(() => this.#expire()), this.#sweepMs).unref();
  }

  #expire(): void {
    if (this.#closed) return;
    const nowMs = this.#options.now();
    for (const connection of this.#all) if (connection.expiresMs <= nowMs) connection.expire(nowMs);
    const kept = this.#surplus.due(nowMs) ?? Infinity;
    while (this.#all.size > kept && this.#idle.size > 0) this.#leastRecentlyUsed()?.drop();
    if (this.#all.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}
