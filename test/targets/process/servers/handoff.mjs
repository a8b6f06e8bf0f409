// On SIGUSR2 it starts its own successor, which inherits the listening socket, and ends when that one is ready, or
// DRAIN_MS later. WARM_MS: a successor holds the socket for so long before it accepts. BUSY_MS: meanwhile the old one
// is busy, for so long at a time. SLOW_MS: how long an answer takes.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.writeHead(200, { 'x-instance': String(process.pid) });
  setTimeout(() => response.end('fine'), Number(process.env.SLOW_MS ?? 0));
});
const inherited = process.env.HANDED === '1';
const listen = () => {
  server.listen(inherited ? { fd: 3 } : { port: Number(process.env.PORT), host: '127.0.0.1' }, () => {
    if (process.env.PID_FILE !== undefined) writeFileSync(process.env.PID_FILE, String(process.pid));
    if (inherited) process.send?.('ready');
  });
};
if (inherited && process.env.WARM_MS !== undefined) setTimeout(listen, Number(process.env.WARM_MS));
else listen();
let replaced = false;
const end = () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
};
process.on('SIGUSR2', () => {
  if (replaced || process.env.ON_USR2 === 'ignore') return;
  replaced = true;
  const successor = spawn(process.execPath, [process.argv[1]], {
    env: { ...process.env, HANDED: '1' },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', server._handle.fd, 'ipc'],
  });
  const busyMs = Number(process.env.BUSY_MS ?? 0);
  if (busyMs > 0) setInterval(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyMs), 20);
  successor.once('message', () => {
    successor.disconnect();
    successor.unref();
    setTimeout(end, Number(process.env.DRAIN_MS ?? 0));
  });
});
process.on('SIGTERM', end);
