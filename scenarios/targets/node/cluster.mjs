/**
 * A primary with workers (node:cluster): on SIGHUP it replaces the workers one after another, on SIGTERM it ends them
 * all.
 *
 * The primary holds the listening socket and hands each connection to a worker. So a worker that stops accepting loses
 * nothing: what it has not taken yet, the primary gives to another. It must only not vanish before it has said so. The
 * order is always: the new worker listens, then the old one is told to drain, then it disconnects, then it is gone. A
 * new worker that does not come up ends the reload, and the old ones stay.
 * DRAIN=good (default) is that order; DRAIN=close lets a worker call server.close() and exit when that is done, as many
 * do; DRAIN=disconnect lets the primary call worker.disconnect() and wait, as the documentation of node:cluster
 * suggests: it waits for the last connection. WORKERS is how many; START_MS puts off the start of each; PID_FILE is
 * where the primary writes its pid, for a deploy script.
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.mjs';
import { drainOf } from './drain.mjs';

const {
  PORT = '8080',
  WORKERS = '2',
  DRAIN = 'good',
  DRAIN_MS = '500',
  LIMIT_MS = '8000',
  START_MS = '0',
  READY_WITHIN_MS = '10000',
  PID_FILE,
} = process.env;

/** Workers whose end somebody waits for; any other that ends has died by itself. */
const awaited = new WeakSet();

if (cluster.isPrimary) runPrimary();
else await runWorker();

function runPrimary() {
  let ending = false;
  let reload = Promise.resolve();
  if (PID_FILE) writeFileSync(PID_FILE, String(process.pid));

  // One reload after the other: a second SIGHUP during the first means that there is something newer still.
  process.on('SIGHUP', () => {
    reload = reload.then(replaceWorkers).catch((error) => console.error(`The reload was broken off: ${error.message}`));
  });
  process.on('SIGTERM', async () => {
    ending = true;
    await Promise.all(Object.values(cluster.workers).map(endWorker));
    if (PID_FILE) rmSync(PID_FILE, { force: true });
    process.exit(0);
  });
  cluster.on('exit', (worker) => {
    if (!awaited.has(worker)) standIn();
  });
  for (let count = 0; count < Number(WORKERS); count += 1) {
    startWorker().catch((error) => {
      console.error(error.message);
      process.exit(1);
    });
  }

  async function replaceWorkers() {
    for (const old of Object.values(cluster.workers)) {
      if (ending) return;
      await startWorker();
      await endWorker(old);
    }
  }

  /** Replaces a worker that died by itself, though not as fast as a broken one could die again. */
  async function standIn() {
    await delay(500);
    if (ending) return;
    await startWorker().catch((error) => {
      console.error(error.message);
      return standIn();
    });
  }
}

/** Starts a worker and waits until it listens. Rejects when it does not. */
async function startWorker() {
  const worker = cluster.fork();
  awaited.add(worker);
  const problem = await Promise.race([
    once(worker, 'listening').then(() => undefined),
    once(worker, 'exit').then(([code, signal]) => `a worker ended with ${signal ?? code} before it listened`),
    delay(Number(READY_WITHIN_MS), `a worker did not listen within ${READY_WITHIN_MS} ms`, { ref: false }),
  ]);
  if (problem !== undefined) {
    worker.process.kill('SIGKILL');
    throw new Error(problem);
  }
  awaited.delete(worker);
}

/** Lets a worker drain and waits for its end; it is killed when it takes far too long. */
async function endWorker(worker) {
  if (worker.isDead()) return;
  awaited.add(worker);
  const exited = once(worker, 'exit');
  const kill = setTimeout(() => worker.process.kill('SIGKILL'), Number(LIMIT_MS) + 2000);
  if (DRAIN === 'disconnect') worker.disconnect();
  else if (worker.isConnected()) worker.send('drain');
  await exited;
  clearTimeout(kill);
}

async function runWorker() {
  const app = createApp();
  const server = http.createServer({ keepAliveTimeout: 65_000 }, app.handle);
  const drain = drainOf(server, Number(DRAIN_MS));
  let draining = false;
  process.on('message', async (message) => {
    if (message !== 'drain' || draining) return;
    draining = true;
    if (DRAIN === 'close') {
      server.close(() => process.exit(0));
      return;
    }
    drain.announce();
    drain.stopAccepting();
    app.endStreams();
    const emptied = await drain.emptied(Number(LIMIT_MS));
    // Not exit() yet: the primary may have handed over a connection just before it heard that we accept no more.
    // disconnect() lets it answer first, and such a connection goes to another worker.
    cluster.worker.disconnect();
    await once(process, 'disconnect');
    process.exit(emptied ? 0 : 1);
  });
  await delay(Number(START_MS));
  server.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 });
}
