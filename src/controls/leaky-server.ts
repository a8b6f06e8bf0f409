/**
 * A server that commits known faults on a share of the requests, and counts them itself.
 *
 * Rule: a request is counted when it has been read, by what is then done to it; so its count is exact whatever a client
 * makes of it.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Outcome } from '../model/outcome.ts';
import { selfSigned } from '../processes/certificate.ts';
import { answerWell, commit, OUTCOME_OF_LEAK, type LeakPlan } from './leaks.ts';

/** Requests by the outcome that a client must count for them. */
export type Tally = Partial<Record<Outcome, number>>;

export interface LeakyServer {
  readonly port: number;
  /** TLS: what a client must trust, as PEM. */
  readonly ca: string | undefined;
  /** What has been done so far. */
  tally(): Tally;
  close(): void;
}

/**
 * Multiples of the golden ratio, modulo 1, are spread evenly and in step with nothing: every stream meets every fault.
 */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Opens the server on a free port of 127.0.0.1. */
export async function openLeakyServer({ leaks, share, secure = false }: LeakPlan): Promise<LeakyServer> {
  const tally: Tally = {};
  let requests = 0;
  let committed = 0;
  /** TCP sockets below TLS by the client's port: what resets them is not passed on by TLS. */
  const below = new Map<number | undefined, Socket>();
  const serve: RequestListener = (request, response) => {
    request.resume().on('end', () => {
      const leak = (requests * GOLDEN_RATIO) % 1 < share ? leaks[committed % leaks.length] : undefined;
      requests += 1;
      if (leak !== undefined) committed += 1;
      const outcome = leak === undefined ? 'answered' : OUTCOME_OF_LEAK[leak];
      tally[outcome] = (tally[outcome] ?? 0) + 1;
      if (leak === undefined) answerWell(response);
      else commit(leak, request, response, below.get(request.socket.remotePort));
    });
  };
  const options = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true };
  const certified = secure ? selfSigned() : undefined;
  const server =
    certified === undefined ? createServer(options, serve) : createSecureServer({ ...options, ...certified }, serve);
  if (secure) {
    server.on('connection', (socket: Socket) => {
      const { remotePort } = socket;
      below.set(remotePort, socket);
      socket.once('close', () => below.delete(remotePort));
    });
  }
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ca: certified?.cert,
    tally: () => ({ ...tally }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
