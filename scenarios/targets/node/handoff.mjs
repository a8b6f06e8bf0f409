/**
 * A server that replaces itself: on SIGUSR2 it starts its successor, hands it the listening socket, and leaves only
 * when the successor says that it serves. A successor that fails changes nothing: the old process stays.
 *
 * The listening socket is never closed by all who hold it, so no connection is ever refused, not even for a moment.
 * START_MS puts off the start; a successor that is not ready within READY_WITHIN_MS has failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.mjs';
import { drainOf } from './drain.mjs';

const { PORT = '8080', DRAIN_MS = '500', LIMIT_MS = '8000', START_MS = '0', READY_WITHIN_MS = '10000' } = process.env;
const isSuccessor = process.env.SUCCESSOR === '1';

/** What a successor finds open: the listening socket, and a pipe on which it says that it serves. */
const SOCKET_FD = 3;
const READY_FD = 4;

const app = createApp();
const server = http.createServer({ keepAliveTimeout: 65_000 }, app.handle);
const drain = drainOf(server, Number(DRAIN_MS));

let leaving = false;
let handingOver = false;

process.on('SIGUSR2', async () => {
  // One at a time: a second successor would only take the socket from the first.
  if (leaving || handingOver) return;
  handingOver = true;
  const problem = await startSuccessor();
  handingOver = false;
  if (problem === undefined) await leave();
  else console.error(`The successor did not start (${problem}); process ${process.pid} stays.`);
});

process.on('SIGTERM', leave);

/** Resolves with undefined when the successor serves, otherwise with what went wrong. */
async function startSuccessor() {
  const successor = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { ...process.env, SUCCESSOR: '1' },
    // Node has no public name for the descriptor of a server.
    stdio: ['ignore', 'inherit', 'inherit', server._handle.fd, 'pipe'],
  });
  const ready = once(successor.stdio[4], 'data').then(() => undefined);
  const ended = once(successor, 'exit').then(([code, signal]) => `it ended with ${signal ?? code}`);
  const late = delay(Number(READY_WITHIN_MS), `not ready within ${READY_WITHIN_MS} ms`, { ref: false });
  const problem = await Promise.race([ready, ended, late]).catch((error) => error.message);
  if (problem !== undefined) successor.kill('SIGKILL');
  successor.stdio[4].destroy();
  successor.unref();
  return problem;
}

/** From here on new connections are the successor's; what this process has accepted, it answers. */
async function leave() {
  if (leaving) return;
  leaving = true;
  drain.announce();
  drain.stopAccepting();
  app.endStreams();
  const emptied = await drain.emptied(Number(LIMIT_MS));
  process.exit(emptied ? 0 : 1);
}

await delay(Number(START_MS));
server.listen({ ...(isSuccessor ? { fd: SOCKET_FD } : { port: Number(PORT), host: '127.0.0.1' }), backlog: 4096 });
await once(server, 'listening');
if (isSuccessor) {
  writeSync(READY_FD, 'ready');
  closeSync(READY_FD);
}
