/** Servers that end what they work on, or drop it. */
import { SLOW_MS, type Conduct } from './server.ts';

/** Every request that is under way at the signal is answered. */
export const finishes: Conduct = {
  called: (call) => void setTimeout(() => call.answer('done'), SLOW_MS),
  signalled: (house) => house.did('answered', house.pending.size),
};

/** Closes the connections of the requests under way. */
export const dropsInFlight: Conduct = {
  called: (call) => void setTimeout(() => call.socket.writable && call.answer('done'), SLOW_MS),
  signalled(house) {
    house.did('closed', house.pending.size);
    for (const { socket } of house.pending) socket.destroy();
  },
};

/** Resets them. */
export const resetsInFlight: Conduct = {
  ...dropsInFlight,
  signalled(house) {
    house.did('reset', house.pending.size);
    for (const { socket } of house.pending) socket.resetAndDestroy();
  },
};
