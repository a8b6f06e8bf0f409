/**
 * The embedded front door itself: a TCP proxy that spreads connections by weight.
 *
 * Rule: it never drops, resets or delays on its own. A connection for which there is no instance is reset, for it can
 * no longer be refused; which instance a connection was given to is never changed.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Backend, BackendCounts } from '../../../model/front.ts';
import { balanceOf, type Balance } from './balance.ts';
import type { ToDoor } from './embedded-messages.ts';
import { checkHealth, type HealthCheck } from './health.ts';
import { relay } from './relay.ts';

type DoorOptions = Extract<ToDoor, { kind: 'open' }>['options'];

/** One backend as the door knows it, for as long as there is a connection to it or a line in its table. */
interface Known extends Backend, BackendCounts {
  refusedInARow: number;
  ejectedUntilMs: number;
  check: HealthCheck | undefined;
}

export interface EmbeddedDoor {
  server: Server;
  route(backends: readonly Backend[]): void;
  counts(): BackendCounts[];
}

/** The kernel caps it at net.core.somaxconn. */
export const BACKLOG = 4096;

/** Makes a door that does not listen yet. `chosen` is told of every connection, with no name when nobody gets it. */
export function embeddedDoorOf(
  options: DoorOptions,
  chosen: (clientPort: number, backend: string) => void,
): EmbeddedDoor {
  const known = new Map<string, Known>();
  let balance: Balance<Known> = balanceOf([]);
  const mayServe = ({ ejectedUntilMs, check }: Known): boolean =>
    check?.healthy !== false && ejectedUntilMs <= performance.now();

  const take = (client: Socket): void => {
    // When all are ejected or ill, any of them is better than none.
    const backend = balance.next(mayServe) ?? balance.next();
    if (client.remotePort !== undefined) chosen(client.remotePort, backend?.name ?? '');
    if (backend === undefined) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    backend.chosen += 1;
    backend.open += 1;
    relay(client, connect({ host: backend.host, port: backend.port, allowHalfOpen: true, noDelay: true }), {
      connected() {
        backend.refusedInARow = 0;
      },
      refused() {
        backend.refused += 1;
        backend.refusedInARow += 1;
        const eject = options.passive_ejection;
        if (eject === undefined || backend.refusedInARow < eject.failures) return;
        backend.ejectedUntilMs = performance.now() + eject.for;
        backend.refusedInARow = 0;
      },
      closed() {
        backend.open -= 1;
      },
    });
  };

  return {
    server: createServer({ allowHalfOpen: true, noDelay: true }, take),
    route(backends) {
      const named = new Set(backends.map(({ name }) => name));
      for (const [name, backend] of known) {
        if (named.has(name)) continue;
        backend.check?.end();
        backend.check = undefined;
        backend.weight = 0;
      }
      const table = backends.map((backend) => {
        const one: Known = known.get(backend.name) ?? {
          ...backend,
          chosen: 0,
          refused: 0,
          open: 0,
          refusedInARow: 0,
          ejectedUntilMs: 0,
          check: undefined,
        };
        known.set(one.name, Object.assign(one, backend));
        if (options.health_check !== undefined) one.check ??= checkHealth(backend, options.health_check);
        return one;
      });
      balance = balanceOf(table);
    },
    counts: () => [...known.values()].map(({ name, chosen, refused, open }) => ({ name, chosen, refused, open })),
  };
}
