/** TLS servers that finish a handshake that was half done at the signal, close it cleanly, or throw it out. */
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer, TLSSocket } from 'node:tls';
import type { Outcome } from '../../../src/model/outcome.ts';
import { selfSigned } from '../../../src/processes/certificate.ts';
import { until, type TruthServer } from './server.ts';

/** What happens at the signal to a connection in mid-handshake, and what its sentinel must make of it. */
export interface Halt {
  outcome: Outcome;
  halt(tcp: Socket): void;
}

/** The handshake goes on, and the request is answered. */
export const completes: Halt = { outcome: 'answered', halt: () => undefined };
/** FIN before the client could send anything more. */
export const closesHandshakes: Halt = { outcome: 'answered', halt: (tcp) => void tcp.destroy() };
/** RST. */
export const resetsHandshakes: Halt = { outcome: 'reset', halt: (tcp) => void tcp.resetAndDestroy() };
/** FIN, but only when the handshake is done and the request is there. */
export const dropsRequests: Halt = { outcome: 'closed', halt: () => undefined };

/** A server that does so. It owns the TCP connections, since a TLS server hides those that have not shaken hands. */
export async function startTlsServer(halt: Halt): Promise<TruthServer> {
  const open = new Set<Socket>();
  const account: TruthServer['account'] = {};
  let signalled = false;
  const certified = selfSigned();
  const context = createServer(certified);
  context.on('secureConnection', (secure: TLSSocket) => {
    secure.on('error', () => undefined);
    secure.on('data', () => {
      if (signalled && halt.outcome === 'closed') secure.destroy();
      else secure.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello');
    });
  });
  context.on('tlsClientError', () => undefined);
  const server = createTcpServer({ noDelay: true }, (tcp) => {
    open.add(tcp);
    tcp.on('error', () => undefined).on('close', () => open.delete(tcp));
    context.emit('connection', tcp);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: certified.cert,
    account,
    ready: (sentinels) => until(() => open.size === sentinels),
    signal() {
      signalled = true;
      account[halt.outcome] = open.size;
      for (const tcp of open) halt.halt(tcp);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const tcp of open) tcp.destroy();
      await closed;
    },
  };
}
