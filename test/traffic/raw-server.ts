/**
 * A server for tests that speaks HTTP by hand: each request is handed over with its socket, to be answered or
 * mistreated.
 *
 * Rule: it counts what it did, so that a test can hold the instrument against it.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Received {
  socket: Socket;
  /** Number of the request on this server, from 0. */
  index: number;
  /** Requests that this connection had carried before. */
  uses: number;
  text: string;
}

export interface RawServer {
  readonly port: number;
  readonly origin: string;
  /** Requests received whole, and connections accepted. */
  readonly requests: number;
  readonly connections: number;
  readonly sockets: ReadonlySet<Socket>;
  /**
   * Closes all connections that have carried anything, once what has arrived is read: any other may be about to carry
   * its first request.
   */
  closeUsed(): Promise<void>;
  /** Closes the listener and kills all connections. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
}

/** A whole answer. */
export function answerOf(body: string, status = '200 OK', headers = ''): string {
  return `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
}

/** Starts a server; requests must have no body. */
export async function startRawServer(handle: (received: Received) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const counted = { requests: 0, connections: 0 };
  const server = createServer({ noDelay: true }, (socket) => {
    counted.connections += 1;
    sockets.add(socket);
    let pending = '';
    let uses = 0;
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      pending += chunk;
      for (let end = pending.indexOf('\r\n\r\n'); end !== -1; end = pending.indexOf('\r\n\r\n')) {
        const text = pending.slice(0, end);
        pending = pending.slice(end + 4);
        handle({ socket, index: counted.requests++, uses: uses++, text });
      }
    });
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    get requests() {
      return counted.requests;
    },
    get connections() {
      return counted.connections;
    },
    sockets,
    async closeUsed() {
      // Some turns: a connection has to be accepted before it can be read.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      for (const socket of sockets) if (socket.bytesRead > 0) socket.destroy();
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async restart() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}
