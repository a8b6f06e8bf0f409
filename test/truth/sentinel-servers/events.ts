/** Servers that end their streams of events cleanly, or cut them. */
import type { Conduct, House } from './server.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const HEAD_UNTIL_CLOSE = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n';
const EVENT = '7\r\ndata: x\r\n';

/** The streams that are open at the signal, after it was counted what becomes of them. */
function streams(house: House, outcome: Parameters<House['did']>[0]): House['sockets'] {
  house.did(outcome, house.sockets.size);
  return new Set(house.sockets);
}

/** Ends each stream with its last chunk. */
export const endsStreams: Conduct = {
  called: (call) => void call.socket.write(HEAD + EVENT),
  signalled(house) {
    for (const socket of streams(house, 'answered')) socket.end('0\r\n\r\n');
  },
};

/** Ends streams that had announced to end with their connection. */
export const closesStreams: Conduct = {
  called: (call) => void call.socket.write(`${HEAD_UNTIL_CLOSE}data: x\n\n`),
  signalled(house) {
    for (const socket of streams(house, 'answered')) socket.end();
  },
};

/** Leaves them open. */
export const keepsStreams: Conduct = { ...endsStreams, signalled: (house) => void streams(house, 'answered') };

/** Closes without the last chunk. */
export const cutsStreams: Conduct = {
  ...endsStreams,
  signalled(house) {
    for (const socket of streams(house, 'truncated')) socket.destroy();
  },
};

/** Resets them. */
export const resetsStreams: Conduct = {
  ...endsStreams,
  signalled(house) {
    for (const socket of streams(house, 'reset')) socket.resetAndDestroy();
  },
};

/** Ends them cleanly, but nobody listens for the reconnect. */
export const endsForGood: Conduct = {
  ...endsStreams,
  signalled(house) {
    house.shut();
    for (const socket of streams(house, 'refused')) socket.end('0\r\n\r\n');
  },
};
