/**
 * Shutting down a node:http server without a client noticing. Copy this file; it needs nothing but Node.
 *
 * Why `server.close()` alone is not enough:
 *  - It closes idle kept-alive connections at once. A client that is just writing its next request on one of them gets
 * no answer.
 *    So first each client is told, by `Connection: close` on its next answer, not to use the connection again.
 *  - It leaves alone a connection on which nothing was ever sent, for as long as the client likes.
 *
 * The rule here: while draining, every connection may bring one more request, whose answer says `Connection: close`; a
 * connection that stays silent for `patienceMs` is closed. One that has never spoken gets four times as long: who has
 * just connected is about to ask, and may not know that a busy machine holds its request up.
 */
import net from 'node:net';
import { setImmediate as afterPoll, setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** To be called right after the server was created. */
export function drainOf(server, patienceMs) {
  /** What is known of each open connection. */
  const connections = new Map();
  let draining = false;

  server.on('connection', (socket) => {
    connections.set(socket, { latest: undefined, answering: 0, bytesRead: 0, silentSinceMs: performance.now() });
    socket.on('close', () => connections.delete(socket));
  });

  // Before all other listeners, so that the header is set when the handler answers.
  server.prependListener('request', (request, response) => {
    const connection = connections.get(request.socket);
    // Of several requests written in one go, the last one's answer ends the connection.
    if (draining && connection.latest?.headersSent === false) connection.latest.removeHeader('Connection');
    if (draining) response.setHeader('Connection', 'close');
    connection.latest = response;
    connection.answering += 1;
    response.on('close', () => {
      connection.answering -= 1;
    });
  });

  function closeSilent() {
    const nowMs = performance.now();
    for (const [socket, connection] of connections) {
      const patientForMs = socket.bytesRead === 0 ? 4 * patienceMs : patienceMs;
      if (connection.answering > 0 || socket.bytesRead !== connection.bytesRead) {
        connection.bytesRead = socket.bytesRead;
        connection.silentSinceMs = nowMs;
      } else if (nowMs - connection.silentSinceMs >= patientForMs) {
        // Not end(): a request that crosses our close is then refused by RST, which tells its client that nobody has
        // read it.
        socket.destroy();
      }
    }
  }

  return {
    /** From now on every answer says that its connection will be closed. New connections are still accepted. */
    announce() {
      draining = true;
      const nowMs = performance.now();
      for (const [socket, connection] of connections) {
        connection.bytesRead = socket.bytesRead;
        connection.silentSinceMs = nowMs;
        if (connection.latest?.headersSent === false) connection.latest.setHeader('Connection', 'close');
      }
    },

    /**
     * Closes the listening socket, or this process's copy of it: then connections that wait in its queue are left to
     * the others who hold it. This is net's close(), because http's would close the idle connections, too.
     */
    stopAccepting() {
      net.Server.prototype.close.call(server);
    },

    /** Resolves with true when every connection has ended, with false when some have not within `limitMs`. */
    async emptied(limitMs) {
      const startMs = performance.now();
      while (connections.size > 0) {
        if (performance.now() - startMs > limitMs) return false;
        await delay(LOOK_EVERY_MS);
        // Right after the poll phase: what has arrived until now has been read, so nothing is closed that has just
        // spoken.
        await afterPoll();
        closeSilent();
      }
      return true;
    },
  };
}
