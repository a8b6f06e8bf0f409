/**
 * A server as pm2's guide to graceful shutdown asks for: it says 'ready' when it listens, and leaves on SIGINT.
 *
 *   SHUTDOWN=documented  server.close() on SIGINT, as the guide shows it
 *   SHUTDOWN=announced   (default) first its streams are ended, and for half a second every answer says Connection: close
 */
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
  if (SHUTDOWN === 'announced') {
    app.endStreams();
    await delay(500);
  }
  server.close(() => process.exit(0));
});

server.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 }, () => process.send?.('ready'));
