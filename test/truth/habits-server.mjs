/**
 * A server with bad habits that keeps the account itself: every seventh request meets one of them, in turn, and on
 * SIGTERM it writes how often it did what into the file ACCOUNT. Raw sockets, so that nothing is done that is not
 * written here.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const BODY = 'hello';
const whole = (status, body, length = body.length) =>
  `HTTP/1.1 ${status} X\r\nContent-Length: ${length}\r\n\r\n${body}`;
const HABITS = [
  ['closed', (socket) => socket.destroySoon()],
  ['reset', (socket) => socket.resetAndDestroy()],
  ['truncated', (socket) => socket.end(whole(200, BODY, 50))],
  ['truncated', (socket) => socket.end(`HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n${BODY}\r\n`)],
  ['rejected', (socket) => socket.write(whole(503, 'busy'))],
  ['rejected', (socket) => socket.write(whole(429, 'slow down'))],
  ['failed', (socket) => socket.write(whole(500, 'oops'))],
  ['failed', (socket) => socket.write(whole(200, 'jello'))],
  ['timeout', () => undefined],
];
const account = {};
let requests = 0;

createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (!text.endsWith('\r\n\r\n')) return;
    const health = text.startsWith('GET /healthz');
    text = '';
    if (health) return socket.end(whole(200, 'ok'));
    const [name, habit] =
      requests % 7 === 3
        ? HABITS[Math.floor(requests / 7) % HABITS.length]
        : ['answered', () => socket.write(whole(200, BODY))];
    requests += 1;
    account[name] = (account[name] ?? 0) + 1;
    habit(socket);
  });
}).listen(process.env.PORT, '127.0.0.1', 4096);

process.on('SIGTERM', () => {
  writeFileSync(process.env.ACCOUNT, JSON.stringify(account));
  process.exit(0);
});
