/**
 * An HTTPS server, and two ways to end on SIGTERM. Key and certificate (localhost.pem) are for this example and nothing
 * else.
 *
 *   SHUTDOWN=announced  (default) handshakes under way are finished and their requests answered, with Connection: close
 *   SHUTDOWN=refusing   whoever comes out of the handshake after the signal is thrown out: he had connected before
 */
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.mjs';
import { listening } from './listening.mjs';

const pem = readFileSync(new URL('localhost.pem', import.meta.url));
const app = createApp();
let leaving = false;

const server = https.createServer({ key: pem, cert: pem, keepAliveTimeout: 65_000 }, (request, response) => {
  if (leaving) response.setHeader('Connection', 'close');
  app.handle(request, response);
});
server.prependListener('secureConnection', (socket) => {
  if (leaving && process.env.SHUTDOWN === 'refusing') socket.destroy();
});

process.once('SIGTERM', async () => {
  leaving = true;
  await delay(500);
  server.close(() => process.exit(0));
});

server.listen(listening());
