/**
 * TLS of a misbehaving server over a TCP socket, so that each of the two can be ended apart from the other.
 *
 * Rule: looks like a socket. `end` sends close_notify and FIN, `destroy` FIN alone, `resetAndDestroy` RST alone, and
 * `notify` close_notify alone.
 */
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';

/** What is done to a connection when the client's first bytes have come, in place of a handshake. */
export const IN_HANDSHAKE = {
  'handshake-fin': (tcp) => tcp.end(),
  'handshake-rst': (tcp) => tcp.resetAndDestroy(),
  // A fatal alert, handshake_failure.
  'handshake-alert': (tcp) => tcp.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])),
  'handshake-stall': () => undefined,
};

/** Returns what makes a TLS socket of a TCP socket; all share one context, so that sessions can be resumed. */
export function securing(options) {
  const secureContext = createSecureContext(options);
  return (tcp) => {
    const gate = new Duplex({
      read: () => undefined,
      write(bytes, _encoding, done) {
        tcp.write(bytes);
        done();
      },
    });
    tcp.on('data', (bytes) => gate.push(Buffer.from(bytes)));
    const tls = new TLSSocket(gate, { isServer: true, secureContext, ALPNProtocols: options.ALPNProtocols });
    tls.on('error', () => tcp.destroy());
    return {
      tls,
      on(event, act) {
        (event === 'data' ? tls : tcp).on(event, act);
        return this;
      },
      once(event, act) {
        tls.once(event, act);
        return this;
      },
      get destroyed() {
        return tcp.destroyed;
      },
      write: (text, written) => tls.write(text, written),
      notify: () => tls.end(),
      end(text = '') {
        if (text !== '') tls.write(text);
        tls.end(() => tcp.end());
      },
      destroy: () => tcp.destroy(),
      resetAndDestroy: () => tcp.resetAndDestroy(),
    };
  };
}
