/**
 * Ports: a free one for the target, and the check that a fixed one is free.
 *
 * Rule: a port that we choose lies outside the range from which the kernel takes the local ports of clients. Otherwise
 * a client that connects while the target is down could be given that very port, connect to itself, and keep the target
 * from coming back.
 */
import { createServer } from 'node:net';
import { ZerodropError } from '../errors.ts';
import { findListeners, listeningInodes, type Endpoint } from './listeners.ts';
import { commandLineOf, pids, processOf, textOf } from './proc.ts';

const LOWEST = 10_000;
const HIGHEST = 65_535;
const TRIES = 50;

/** The ports that the kernel does not give to clients, from text of ip_local_port_range: the wider side of it. */
export function chosenRange(text: string): { from: number; to: number } {
  const [low = 32_768, high = 60_999] = text.trim().split(/\s+/).filter(Boolean).map(Number);
  return low - LOWEST >= HIGHEST - high ? { from: LOWEST, to: low - 1 } : { from: high + 1, to: HIGHEST };
}

/** A port of `host` that nobody listens on now. */
export async function freePort(host: string): Promise<number> {
  const { from, to } = chosenRange(textOf('/proc/sys/net/ipv4/ip_local_port_range'));
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = from + Math.floor(Math.random() * Math.max(1, to - from + 1));
    if ((await problemWith(host, port)) === undefined) return port;
  }
  throw new ZerodropError(
    'port-taken',
    `No free port was found on ${host}.`,
    'Write a fixed port that is free into target.url.',
  );
}

/** Throws ZerodropError `port-taken` when somebody listens where the target is to be started. */
export async function checkPortFree(host: string, endpoint: Endpoint): Promise<void> {
  if ((await problemWith(host, endpoint.port)) !== 'EADDRINUSE') return;
  const inodes = listeningInodes(endpoint);
  const owner = findListeners().among(
    pids().flatMap((pid) => processOf(pid) ?? []),
    inodes,
  )[0];
  throw new ZerodropError(
    'port-taken',
    `Port ${endpoint.port} of ${host} is ` +
      `taken${owner === undefined ? '' : ` by process ${owner.pid} (${commandLineOf(owner.pid)})`}.`,
    'Stop that process, or leave the choice of the port to zerodrop with url: http://127.0.0.1:${PORT}.',
  );
}

/** Why one cannot listen there; undefined when one can. */
function problemWith(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen({ host, port, exclusive: true }, () =>
      server.close(() => {
        resolve(undefined);
      }),
    );
  });
}
