/**
 * Runs in the lab's network: relays connections from a Unix socket, which no network stands before, to the API server.
 * Arguments: the socket, host and port. Says when it listens.
 */
import { connect, createServer } from 'node:net';

const [socket, host, port] = process.argv.slice(2);
createServer((client) => {
  const server = connect(Number(port), host);
  client.pipe(server).pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}).listen(socket, () => console.log('listening'));
