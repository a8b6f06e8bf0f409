// An instance of a fleet that misbehaves from SIGTERM on, and writes each of its misdeeds down (ACCOUNT, one line
// each): it cuts its downloads, reads what else is asked and closes without an answer, and leaves after a while. Before
// that it answers all.
import { appendFileSync } from 'node:fs';
import http from 'node:http';

const { PORT, ACCOUNT } = process.env;
const LINGER_MS = 1500;
const BODY = Buffer.alloc(64 * 1024 * 1024, 'x');
const downloads = new Set();
let leaving = false;

const note = (kind) => {
  appendFileSync(ACCOUNT, `${kind}\n`);
};

http
  .createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const kind = new URL(request.url, 'http://localhost').searchParams.get('kind') ?? 'other';
    if (leaving && request.url !== '/health') {
      note(kind);
      request.socket.destroy();
      return;
    }
    response.setHeader('x-instance', String(process.pid));
    if (kind !== 'download') return response.end('ok');
    downloads.add(response);
    response.once('close', () => downloads.delete(response));
    response.setHeader('content-length', BODY.length);
    response.end(BODY);
  })
  .listen(Number(PORT), '127.0.0.1');

process.once('SIGTERM', () => {
  leaving = true;
  for (const response of downloads) {
    note('download');
    response.socket.resetAndDestroy();
  }
  setTimeout(() => process.exit(0), LINGER_MS);
});
