/**
 * A plain server, and three ways to end on SIGTERM.
 *
 *   DRAIN=good     (default) tells its clients, goes on accepting for DRAIN_MS, then stops and answers what is left
 *   DRAIN=hasty    closes everything at once, as many servers do: whatever is being answered is lost
 *   DRAIN=absent   no handler: SIGTERM ends the process wherever it is
 *
 * It listens on PORT, or on the socket that it inherits as sd_listen_fds(3) says (from systemd, or anyone who does the same). On an
 * inherited socket nothing needs to be lost between two processes: connections wait in the kernel's queue for the next one.
 * START_MS puts off the start, as slow frameworks do.
 */
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.mjs';
import { drainOf } from './drain.mjs';

const { PORT = '8080', DRAIN = 'good', DRAIN_MS = '500', LIMIT_MS = '8000', START_MS = '0' } = process.env;

const app = createApp();
// Clients should give up idle connections before we do; who closes first never meets the race.
const server = http.createServer({ keepAliveTimeout: 65_000 }, app.handle);
const drain = drainOf(server, Number(DRAIN_MS));

async function endWell() {
  drain.announce();
  // Whoever sends us connections (a load balancer, a pool of kept-alive ones) needs this time to look elsewhere.
  await delay(Number(DRAIN_MS));
  drain.stopAccepting();
  app.endStreams();
  const emptied = await drain.emptied(Number(LIMIT_MS));
  process.exit(emptied ? 0 : 1);
}

function endHastily() {
  server.close();
  server.closeAllConnections();
  process.exit(0);
}

if (DRAIN === 'good') process.once('SIGTERM', endWell);
if (DRAIN === 'hasty') process.once('SIGTERM', endHastily);

await delay(Number(START_MS));
// Node's own limit of 511 is half a second of a thousand connections a second; the kernel caps this at net.core.somaxconn.
server.listen({ ...(inheritedSocket() ?? { port: Number(PORT), host: '127.0.0.1' }), backlog: 4096 });

/** The first socket that was passed to this very process: file descriptor 3. */
function inheritedSocket() {
  const { LISTEN_PID, LISTEN_FDS } = process.env;
  const meant = Number(LISTEN_PID) === process.pid && Number(LISTEN_FDS) >= 1;
  // Processes that we might start are not meant.
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete process.env[name];
  return meant ? { fd: 3 } : undefined;
}
