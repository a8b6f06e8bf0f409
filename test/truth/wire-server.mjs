/**
 * A raw server that commits a known misdeed on known requests and counts itself, in a thread of its own.
 *
 * Rule: it counts a request when it has read it, and a misdeed when it commits it. `workerData.misdeeds` is a list that
 * is gone through again and again, one entry for each request; `good` is no misdeed. `workerData.ended` counts
 * unannounced ends in shared memory, so that a client can wait for one without giving its own event loop a chance to
 * notice it. With `workerData.tls` it speaks TLS, and `tls.handshakes` is such a list for connections: faults in
 * mid-handshake.
 */
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { IN_HANDSHAKE, securing } from './tls-below.mjs';

const BODY = 'hello world!';
const GOOD = `HTTP/1.1 200 OK\r\nX-Instance: one\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const LATER_MS = 5;

const ACTS = {
  good: (socket) => socket.write(GOOD),
  fin: (socket) => socket.destroy(),
  'half-close': (socket) => socket.end(),
  'late-fin': (socket) => setTimeout(() => socket.destroy(), LATER_MS),
  rst: (socket) => socket.resetAndDestroy(),
  'late-rst': (socket) => setTimeout(() => socket.resetAndDestroy(), LATER_MS),
  'cut-head': (socket) => socket.end('HTTP/1.1 200 O'),
  'cut-after-100': (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'),
  'cut-length': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello'),
  'cut-chunked': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
  'cut-until-close': (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'),
  'good-until-close': (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${BODY}`),
  'rst-in-body': (socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello', () => socket.resetAndDestroy()),
  'rst-until-close': (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${BODY}`, () => socket.resetAndDestroy()),
  stall: () => undefined,
  'stall-body': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello'),
  503: (socket) => socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'),
  429: (socket) => socket.write('HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n'),
  500: (socket) => socket.write('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n'),
  'wrong-body': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello wurld!'),
  'wrong-until-close': (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nsorry'),
  'not-http': (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  'extra-bytes': (socket) => socket.write(`${GOOD}more`),
  // TLS only: an end that was announced by close_notify, or a whole answer without a length that was not.
  'notify-rst': (socket) => {
    socket.notify();
    setTimeout(() => socket.resetAndDestroy(), LATER_MS);
  },
  'notify-and-rst': (socket) => {
    socket.notify();
    setImmediate(() => socket.resetAndDestroy());
  },
  notify: (socket) => socket.notify(),
  'whole-without-notify': (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${BODY}`, () => socket.destroy()),
  // A keep-alive race in the making: a whole answer, then an end that nobody announced.
  'close-after': (socket) => endAfter(socket, () => socket.destroy()),
  'notify-after': (socket) =>
    endAfter(socket, () => {
      socket.notify();
      setImmediate(() => socket.destroy());
    }),
  'reset-after': (socket) => endAfter(socket, () => socket.resetAndDestroy()),
};

function endAfter(socket, end) {
  socket.on('close', () => Atomics.add(workerData.ended, 0, 1));
  socket.write(GOOD, end);
}

const counts = { connections: 0, requests: 0 };
const sockets = new Set();
const { tls } = workerData;
const secure = tls === undefined ? undefined : securing(tls.options);
const server = createServer({ noDelay: true, allowHalfOpen: false }, (tcp) => {
  const handshake = tls?.handshakes[counts.connections % tls.handshakes.length] ?? 'done';
  counts.connections += 1;
  sockets.add(tcp);
  tcp.on('close', () => sockets.delete(tcp));
  tcp.on('error', () => undefined);
  if (handshake === 'done') return serve(secure?.(tcp) ?? tcp);
  counts[handshake] = (counts[handshake] ?? 0) + 1;
  tcp.once('data', () => IN_HANDSHAKE[handshake](tcp));
});

function serve(socket) {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    if (!text.endsWith('\r\n\r\n')) return;
    text = '';
    const misdeed = workerData.misdeeds[counts.requests % workerData.misdeeds.length];
    counts.requests += 1;
    counts[misdeed] = (counts[misdeed] ?? 0) + 1;
    ACTS[misdeed](socket);
  });
}

server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));

parentPort.on('message', () => {
  for (const socket of sockets) socket.destroy();
  server.close(() => {
    parentPort.postMessage({ counts });
    parentPort.close();
  });
});
