// A primary that stays and replaces its two workers one after another on SIGHUP. STUCK: workers do not end when they
// are asked to. HELPER: a child of another kind that lives as long as the primary.
// MAX_REQUESTS: a worker ends after so many answers, and the primary starts another one.
import { spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';

if (cluster.isPrimary) {
  if (process.env.POLICY === 'none') cluster.schedulingPolicy = cluster.SCHED_NONE;
  if (process.env.HELPER !== undefined) spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  cluster.fork();
  cluster.fork();
  if (process.env.MAX_REQUESTS !== undefined) cluster.on('exit', () => cluster.fork());
  process.on('SIGHUP', async () => {
    for (const old of Object.values(cluster.workers)) {
      const next = cluster.fork();
      await once(next, 'listening');
      old.process.kill('SIGUSR2');
      await once(old, 'exit');
    }
  });
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.kill('SIGTERM');
    cluster.disconnect(() => process.exit(0));
  });
} else {
  let left = Number(process.env.MAX_REQUESTS ?? Infinity);
  const server = createServer((request, response) => {
    left -= 1;
    if (left === 0) {
      response.once('finish', () => process.exit(0));
      response.setHeader('connection', 'close');
    }
    response.writeHead(200, { 'x-instance': String(process.pid) });
    response.end('fine');
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
  process.on('SIGUSR2', () => process.env.STUCK === undefined && process.exit(0));
}
