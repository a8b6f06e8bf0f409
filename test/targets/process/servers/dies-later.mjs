// Serves for as long as nobody asks for /crash.
import { createServer } from 'node:http';

createServer((request, response) => {
  if (request.url === '/crash') {
    console.error('out of cheese');
    process.exit(7);
  }
  response.end('fine');
}).listen(Number(process.env.PORT), '127.0.0.1');
