/** Servers that let idle clients come once more, or close on them. */
import type { Conduct } from './server.ts';

/** Answers as ever, and says with each answer that it closes. */
export const announces: Conduct = {
  called(call, house) {
    if (call.late) house.did('answered');
    call.answer('hello', house.signalled ? 'Connection: close\r\n' : '');
  },
  signalled: () => undefined,
};

/**
 * Closes the idle connections at the signal, unannounced: what was written afterwards is a race, the others saw it in
 * time.
 */
export const closesIdle: Conduct = {
  called(call, house) {
    if (!call.late) return call.answer('hello');
    house.did('raced');
    house.did('answered', -1);
    // As the kernel does for a connection that its process has closed.
    call.socket.resetAndDestroy();
  },
  signalled(house) {
    house.did('answered', house.sockets.size);
    for (const socket of house.sockets) socket.end();
  },
};

/** Hands over: serves on until it leaves, and then closes its connections, unannounced. */
export const leavesUnannounced: Conduct = {
  called(call, house) {
    if (house.left) closesIdle.called({ ...call, late: true }, house);
    else call.answer('hello');
  },
  signalled: () => undefined,
  left(house) {
    for (const socket of house.sockets) socket.end();
  },
};

/** The same, but it has said so with every answer since the signal. */
export const leavesAnnounced: Conduct = {
  ...leavesUnannounced,
  called(call, house) {
    if (house.left) leavesUnannounced.called(call, house);
    else call.answer('hello', house.signalled ? 'Connection: close\r\n' : '');
  },
};

/** Reads the next request and closes then. */
export const dropsNext: Conduct = {
  called(call, house) {
    if (!call.late) return call.answer('hello');
    house.did('closed');
    call.socket.destroy();
  },
  signalled: () => undefined,
};
