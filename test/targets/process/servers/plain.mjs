// A plain HTTP server. ON_TERM: exit (default), ignore, exit-3, orphan (leaves a child that listens on the port too).
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const sick = request.url === '/sick';
  response.writeHead(sick ? 503 : 200, { 'x-instance': `${process.pid}-${process.env.NAME ?? 'plain'}` });
  response.end('fine');
});
const activated = process.env.LISTEN_FDS === '1';
server.listen(activated ? { fd: 3 } : { port: Number(process.env.PORT), host: '127.0.0.1' }, () => {
  console.log(`listening pid=${process.pid} listen_pid=${process.env.LISTEN_PID} names=${process.env.LISTEN_FDNAMES}`);
  if (process.env.ON_TERM === 'orphan') {
    spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', server._handle.fd] });
  }
});
process.on('SIGTERM', () => {
  if (process.env.ON_TERM === 'ignore') return;
  if (process.env.ON_TERM === 'orphan') process.exit(0);
  if (process.env.ON_TERM === 'exit-3') {
    console.error('could not save the cache');
    process.exit(3);
  }
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
