// A server that reloads in place on SIGHUP: it closes its listening socket and opens another one, under another name.
// COUNTER: a file that holds the number of its reloads.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

let reloads = 0;
const server = createServer((request, response) => {
  response.writeHead(200, { 'x-instance': `${process.pid}-${reloads}` });
  response.end('fine');
});
const listen = () => {
  if (process.env.COUNTER !== undefined) writeFileSync(process.env.COUNTER, String(reloads));
  server.listen(Number(process.env.PORT), '127.0.0.1');
};
listen();
process.on('SIGHUP', () => {
  server.close(() => {
    reloads += 1;
    listen();
  });
  server.closeIdleConnections();
});
