/**
 * The undici client: what a Node service with fetch would have met.
 *
 * Rule: the contract of client.ts. Each connection is an undici Client of its own with one request at most, so that no
 * request ever queues behind another, and a connect that is refused fails one request only. Deadlines are our own:
 * undici's run on a grid of half a second.
 */
import type { Client, ClientOptions, Observation } from '../client.ts';
import { openSurplus } from '../surplus.ts';
import { UndiciConnection, type Keeper } from './undici-connection.ts';

const SWEEP_MS = 5;

/** Opens an undici client; no connection is made before the first request. */
export function openUndiciClient(options: ClientOptions): Client {
  const all = new Set<UndiciConnection>();
  /** In the order in which they became idle, so that all are kept in use. */
  const idle = new Set<UndiciConnection>();
  const surplus = openSurplus(options.connections);

  const keeper: Keeper = {
    free(connection) {
      idle.add(connection);
    },
    over: drop,
  };

  function drop(connection: UndiciConnection): void {
    all.delete(connection);
    idle.delete(connection);
  }

  function dropSurplus(nowMs: number): void {
    const kept = surplus.due(nowMs) ?? Infinity;
    for (const connection of idle) {
      if (all.size <= kept) return;
      drop(connection);
      connection.destroy();
    }
  }

  function connectionFor(fresh: boolean): UndiciConnection | undefined {
    if (!fresh && all.size >= options.connections) {
      for (const connection of idle) {
        idle.delete(connection);
        return connection;
      }
    }
    if (all.size >= options.mostConnections) return undefined;
    const connection = new UndiciConnection(options, options.connection === 'new', keeper);
    all.add(connection);
    return connection;
  }

  // After the sockets were read: answers that arrived while this process stalled are in time.
  const sweep = setInterval(() => {
    setImmediate(() => {
      const nowMs = options.now();
      for (const connection of all) connection.expire(nowMs);
      dropSurplus(nowMs);
    });
  }, SWEEP_MS);

  return {
    send(dueMs: number, done: (observation: Observation) => void, fresh = false) {
      const connection = connectionFor(fresh || options.connection === 'new');
      if (connection === undefined) {
        const nowMs = options.now();
        process.nextTick(done, {
          dueMs,
          sentMs: nowMs,
          endMs: nowMs,
          connection: -1,
          ending: 'never',
          errno: 'POOL',
          complete: false,
        });
      } else connection.send(dueMs, done);
      surplus.busy(all.size - idle.size);
    },
    get open() {
      return all.size;
    },
    get busy() {
      return all.size - idle.size;
    },
    close() {
      clearInterval(sweep);
      for (const connection of all) connection.destroy();
      all.clear();
      idle.clear();
    },
  };
}
