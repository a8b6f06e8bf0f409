/**
 * HTTP/2 without TLS and HTTP/1.1 on one port (as behind a proxy that speaks both), and two ways to end on SIGTERM.
 *
 *   SHUTDOWN=goaway   (default) each session sends GOAWAY, answers the streams that it has begun, and closes
 *   SHUTDOWN=destroy  each session is destroyed under its streams
 */
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.mjs';
import { drainOf } from './drain.mjs';
import { listening } from './listening.mjs';

const PREFACE = 'PRI * HTTP/2.0';
const app = createApp();
const one = http.createServer({ keepAliveTimeout: 65_000 }, app.handle);
const drain = drainOf(one, 500);
const two = http2.createServer(app.handle);

const sessions = new Set();
two.on('session', (session) => {
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
  session.on('error', () => undefined);
});

// The first bytes tell which protocol it is.
const server = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('readable', () => {
    const first = socket.read();
    if (first === null) return;
    socket.unshift(first);
    (first.toString('latin1').startsWith(PREFACE) ? two : one).emit('connection', socket);
  });
});

process.once('SIGTERM', async () => {
  drain.announce();
  server.close();
  const ended = Promise.all([...sessions].map((session) => once(session, 'close')));
  for (const session of sessions) {
    if (process.env.SHUTDOWN === 'destroy') session.destroy();
    else session.close();
  }
  await Promise.race([ended, delay(8000)]);
  process.exit((await drain.emptied(8000)) ? 0 : 1);
});

server.listen(listening());
