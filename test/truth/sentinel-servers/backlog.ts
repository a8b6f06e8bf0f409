/** Servers that accept what waits for them, or throw it out. */
import type { Conduct } from './server.ts';

/** Answers what comes at the signal. */
export const accepts: Conduct = {
  openEach: 0,
  called(call, house) {
    if (call.late) house.did('answered');
    call.answer('hello');
  },
  signalled: () => undefined,
};

/** Resets each connection that comes at the signal, as a kernel does with the queue of a closed listener. */
export const resetsQueue: Conduct = {
  openEach: 0,
  called: (call) => call.answer('hello'),
  connected(socket, house) {
    if (!house.signalled) return;
    house.did('reset');
    socket.resetAndDestroy();
  },
  signalled: () => undefined,
};
