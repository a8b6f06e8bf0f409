/**
 * A server that commits known faults on a share of the requests, and counts them itself.
 *
 * Rule: a request is counted when it has been read, by what is then done to it; so its count is exact whatever a client
 * makes of it.
 */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createSecureServer as createSecureHttp2, createServer as createHttp2, type Http2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Outcome } from '../model/outcome.ts';
import { selfSigned, type Certified } from '../processes/certificate.ts';
import { leakOverHttp2 } from './leaky-http2.ts';
import { openTurns } from './leaky-turns.ts';
import { answerWell, commit, OUTCOME_OF_LEAK, type Leak, type LeakPlan } from './leaks.ts';

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

/** Opens the server on a free port of 127.0.0.1. */
export async function openLeakyServer(plan: LeakPlan): Promise<LeakyServer> {
  const tally: Tally = {};
  const turn = openTurns(plan);
  const did = (outcome: Outcome): void => {
    tally[outcome] = (tally[outcome] ?? 0) + 1;
  };
  const certified = plan.secure === true ? selfSigned() : undefined;
  const server = plan.isHttp2 === true ? openHttp2(certified, turn, did) : openHttp1(certified, turn, did);
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ca: certified?.cert,
    tally: () => ({ ...tally }),
    close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}

type Turn = () => Leak | undefined;
type Did = (outcome: Outcome) => void;

function openHttp1(certified: Certified | undefined, turn: Turn, did: Did): HttpServer {
  /** TCP sockets below TLS by the client's port: what resets them is not passed on by TLS. */
  const below = new Map<number | undefined, Socket>();
  const serve: RequestListener = (request, response) => {
    request.resume().on('end', () => {
      const leak = turn();
      did(leak === undefined ? 'answered' : OUTCOME_OF_LEAK[leak]);
      if (leak === undefined) answerWell(response);
      else commit(leak, request, response, below.get(request.socket.remotePort));
    });
  };
  const options = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true };
  if (certified === undefined) return createServer(options, serve);
  const server = createSecureServer({ ...options, ...certified }, serve);
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    below.set(remotePort, socket);
    socket.once('close', () => below.delete(remotePort));
  });
  return server;
}

function openHttp2(certified: Certified | undefined, turn: Turn, did: Did): Http2Server {
  const server = certified === undefined ? createHttp2() : createSecureHttp2(certified);
  leakOverHttp2(server, turn, did);
  return server;
}
