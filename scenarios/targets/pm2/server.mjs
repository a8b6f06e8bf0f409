/**
 * A server as pm2's guide to graceful shutdown asks for: it says 'ready' when it listens, and leaves on SIGINT.
 *
 *   SHUTDOWN=documented  server.close() on SIGINT, as the guide shows it
 *   SHUTDOWN=announced   (default) first its streams are ended, and for half a second every answer says Connection:
 *                        close; and it leaves
 *                        its primary before it exits
 *
 * A worker that exits in the callback of server.close() takes with it the connection that its primary has just sent it:
 * node:cluster keeps that one open and gives it to nobody else, so that it is never answered. worker.disconnect() lets
 * the primary answer first; whatever it had sent until then goes back to it, and to another worker.
 */
import cluster from 'node:cluster';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '../node/app.mjs';

const { PORT = '8080', SHUTDOWN = 'announced' } = process.env;
const app = createApp();
let leaving = false;

const server = http.createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  if (leaving && SHUTDOWN === 'announced') response.setHeader('Connection', 'close');
  app.handle(request, response);
});

process.once('SIGINT', async () => {
  leaving = true;
  if (SHUTDOWN !== 'announced') return server.close(() => process.exit(0));
  app.endStreams();
  await delay(500);
  process.once('disconnect', () => process.exit(0));
  server.close(() => cluster.worker.disconnect());
});

server.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 }, () => process.send?.('ready'));
