// On SIGUSR2 it starts its own successor, which inherits the listening socket, and ends when that one is ready.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.writeHead(200, { 'x-instance': String(process.pid) });
  response.end('fine');
});
const inherited = process.env.HANDED === '1';
server.listen(inherited ? { fd: 3 } : { port: Number(process.env.PORT), host: '127.0.0.1' }, () => {
  if (process.env.PID_FILE !== undefined) writeFileSync(process.env.PID_FILE, String(process.pid));
  if (inherited) process.send?.('ready');
});
const end = () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
};
process.on('SIGUSR2', () => {
  if (process.env.ON_USR2 === 'ignore') return;
  const successor = spawn(process.execPath, [process.argv[1]], {
    env: { ...process.env, HANDED: '1' },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', server._handle.fd, 'ipc'],
  });
  successor.once('message', () => {
    successor.disconnect();
    successor.unref();
    end();
  });
});
process.on('SIGTERM', end);
