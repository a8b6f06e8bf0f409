/**
 * A plain server, and the ways to end on SIGTERM that one meets: the first is right, each of the others is a mistake of
 * its own.
 *
 *   DRAIN=good        (default) tells its clients, goes on accepting for DRAIN_MS, then stops and answers what is
 *                     left for LIMIT_MS
 *   DRAIN=header      the same with nothing but node:http: Connection: close on each answer for DRAIN_MS, then close()
 *   DRAIN=close       close() alone. Since Node 19 it closes idle connections at once; one that is being answered
 *                     stays kept-alive
 *                     afterwards, so that a busy client can hold the process for ever
 *   DRAIN=close-idle  close(), then closeIdleConnections() again and again: it ends, but closes connections unannounced
 *   DRAIN=hasty       close() and closeAllConnections(): whatever is being answered is cut
 *   DRAIN=exit        process.exit() in the handler: the same, and the accept queue with it
 *   DRAIN=absent      no handler: SIGTERM ends the process wherever it is
 *   DRAIN=refuse      as header, but whatever comes while it drains is answered with 503
 *
 * It listens on PORT, or on the socket that it inherits. START_MS puts off the start, as slow frameworks do.
 */
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.mjs';
import { drainOf } from './drain.mjs';
import { listening } from './listening.mjs';

const { DRAIN = 'good', DRAIN_MS = '500', LIMIT_MS = '8000', START_MS = '0' } = process.env;

const app = createApp();
/** Set while the header announces the end; with `refuse`, so does the status. */
let announcing = false;
// Clients should give up idle connections before we do; who closes first never meets the race.
const server = http.createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  if (announcing) response.setHeader('Connection', 'close');
  if (announcing && DRAIN === 'refuse') response.writeHead(503).end();
  else app.handle(request, response);
});
const drain = drainOf(server, Number(DRAIN_MS));

const ENDINGS = {
  good: endWell,
  header: announceThenClose,
  refuse: announceThenClose,
  close: () => server.close(() => process.exit(0)),
  'close-idle': closeIdle,
  hasty: endHastily,
  exit: () => process.exit(0),
  absent: undefined,
};

async function endWell() {
  drain.announce();
  // Whoever sends us connections (a load balancer, a pool of kept-alive ones) needs this time to look elsewhere.
  await delay(Number(DRAIN_MS));
  drain.stopAccepting();
  app.endStreams();
  const emptied = await drain.emptied(Number(LIMIT_MS));
  process.exit(emptied ? 0 : 1);
}

async function announceThenClose() {
  announcing = true;
  app.endStreams();
  await delay(Number(DRAIN_MS));
  server.close(() => process.exit(0));
}

function closeIdle() {
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 50);
}

function endHastily() {
  server.close();
  server.closeAllConnections();
  process.exit(0);
}

if (!Object.hasOwn(ENDINGS, DRAIN)) throw new Error(`DRAIN=${DRAIN} is none of ${Object.keys(ENDINGS).join(', ')}`);
if (ENDINGS[DRAIN] !== undefined) process.once('SIGTERM', ENDINGS[DRAIN]);

await delay(Number(START_MS));
server.listen(listening());
