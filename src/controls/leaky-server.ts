/**
 * A server that commits known faults on a share of the requests, and counts them itself.
 *
 * Rule: a request is counted when it has been read, by what is then done to it; so its count is exact whatever a client
 * makes of it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outcome } from '../model/outcome.ts';
import { answerWell, commit, OUTCOME_OF_LEAK, type LeakPlan } from './leaks.ts';

/** Requests by the outcome that a client must count for them. */
export type Tally = Partial<Record<Outcome, number>>;

export interface LeakyServer {
  readonly port: number;
  /** What has been done so far. */
  tally(): Tally;
  close(): void;
}

/**
 * Multiples of the golden ratio, modulo 1, are spread evenly and in step with nothing: every stream meets every fault.
 */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Opens the server on a free port of 127.0.0.1. */
export async function openLeakyServer({ leaks, share }: LeakPlan): Promise<LeakyServer> {
  const tally: Tally = {};
  let requests = 0;
  let committed = 0;
  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true },
    (request, response) => {
      request.resume().on('end', () => {
        const leak = (requests * GOLDEN_RATIO) % 1 < share ? leaks[committed % leaks.length] : undefined;
        requests += 1;
        if (leak !== undefined) committed += 1;
        const outcome = leak === undefined ? 'answered' : OUTCOME_OF_LEAK[leak];
        tally[outcome] = (tally[outcome] ?? 0) + 1;
        if (leak === undefined) answerWell(response);
        else commit(leak, request, response);
      });
    },
  );
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    tally: () => ({ ...tally }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
