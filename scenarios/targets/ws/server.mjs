/**
 * A WebSocket server (ws) beside an HTTP one, and two ways to end on SIGTERM.
 *
 *   SHUTDOWN=asked  (default) each WebSocket is closed with 1012, service restart: its client knows that it may come
 *                   back at once
 *   SHUTDOWN=cut    each WebSocket is terminated: its client sees 1006, and cannot tell a restart from a broken network
 */
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { createApp } from '../node/app.mjs';
import { drainOf } from '../node/drain.mjs';
import { listening } from '../node/listening.mjs';

const SERVICE_RESTART = 1012;
const server = http.createServer({ keepAliveTimeout: 65_000 }, createApp().handle);
const drain = drainOf(server, 500);
const sockets = new WebSocketServer({ server, path: '/echo' });

sockets.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('error', () => undefined);
});

process.once('SIGTERM', async () => {
  drain.announce();
  drain.stopAccepting();
  if (process.env.SHUTDOWN === 'cut') for (const socket of sockets.clients) socket.terminate();
  // ws waits for the client's own close frame; who does not send one is cut after a while.
  else await Promise.race([Promise.all([...sockets.clients].map((socket) => closed(socket))), delay(2000)]);
  process.exit((await drain.emptied(8000)) ? 0 : 1);
});

function closed(socket) {
  socket.close(SERVICE_RESTART, 'restarting');
  return once(socket, 'close');
}

server.listen(listening());
