/**
 * A server that is careful in all things but one, which FLAW names. On SIGUSR2 it hands its socket to a successor and
 * leaves when that one is ready; on SIGTERM it leaves at once, and its socket, if it was given one (LISTEN_FDS), lives
 * on.
 *
 *   keep-alive   closes idle connections at once, as http.Server.close() and Go's Shutdown do
 *   in-flight    leaves without waiting for requests under way, as Go's Close() does
 *   download     waits for short answers, and gives up long ones
 *   session      keeps its sessions in memory
 *   lossy        resets a request after the signal, in CHANCE of all restarts
 *   stall        stands still for STALL_MS when it is signalled
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../../scenarios/targets/node/app.mjs';
import { drainOf } from '../../../scenarios/targets/node/drain.mjs';

const { PORT, FLAW, SUCCESSOR, LISTEN_FDS, CHANCE, STALL_MS } = process.env;
const SOCKET_FD = 3;
const READY_FD = 4;
const PATIENCE_MS = 500;
const DRAIN_LIMIT_MS = 8000;

const app = createApp();
const visits = new Map();
/** Called with the next request, which is reset. */
let victim;
const server = http.createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  if (victim !== undefined && request.url !== '/healthz') {
    victim();
    victim = undefined;
    return request.socket.resetAndDestroy();
  }
  if (request.url !== '/visits') return app.handle(request, response);
  // The session's name comes from its client's port, and lives on in its cookie.
  const session =
    /session=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? `${process.pid}x${request.socket.remotePort}`;
  visits.set(session, (visits.get(session) ?? 0) + 1);
  response.setHeader('set-cookie', `session=${session}`);
  response.end(`${visits.get(session)}\n`);
});
const drain = drainOf(server, PATIENCE_MS);
const underWay = new Set();
server.on('request', (request, response) => {
  underWay.add(response);
  response.on('close', () => underWay.delete(response));
});

async function startSuccessor() {
  const successor = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { ...process.env, SUCCESSOR: '1' },
    stdio: ['ignore', 'inherit', 'inherit', server._handle.fd, 'pipe'],
  });
  await once(successor.stdio[4], 'data');
  successor.stdio[4].destroy();
  successor.unref();
}

let leaving = false;
async function leave() {
  if (leaving) return;
  leaving = true;
  if (FLAW === 'keep-alive') {
    server.close(() => process.exit(0));
    return;
  }
  drain.announce();
  drain.stopAccepting();
  const emptied = drain.emptied(DRAIN_LIMIT_MS);
  if (FLAW === 'in-flight') for (const { socket } of underWay) socket?.destroy();
  if (FLAW === 'download') for (const { socket, headersSent } of underWay) if (headersSent) socket?.destroy();
  await emptied;
  process.exit(0);
}

let handedOver = false;
process.on('SIGUSR2', async () => {
  if (handedOver) return;
  handedOver = true;
  if (FLAW === 'stall') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(STALL_MS));
  if (FLAW === 'lossy' && Math.random() < Number(CHANCE)) await new Promise((resolve) => (victim = resolve));
  await startSuccessor();
  await leave();
});
process.on('SIGTERM', leave);

server.listen({
  ...(SUCCESSOR === '1' || LISTEN_FDS === '1' ? { fd: SOCKET_FD } : { port: Number(PORT), host: '127.0.0.1' }),
  backlog: 4096,
});
await once(server, 'listening');
if (SUCCESSOR === '1') {
  writeSync(READY_FD, 'ready');
  closeSync(READY_FD);
}
