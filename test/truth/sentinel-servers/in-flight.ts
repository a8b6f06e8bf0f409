/**
 * Servers that end what they work on at the signal, or drop it. They hold every request until then, but the first: that
 * is the survey's.
 */
import { SLOW_MS, type Call, type Conduct, type House } from './server.ts';

export function hold(call: Call, house: House): void {
  if (house.calls === 1 || call.late) setTimeout(() => call.answer('done'), SLOW_MS);
}

/** Every request that is under way at the signal is answered. */
export const finishes: Conduct = {
  underWayEach: 1,
  called: hold,
  signalled(house) {
    house.did('answered', house.pending.size);
    for (const call of house.pending) call.answer('done');
  },
};

/** Closes the connections of the requests under way. */
export const dropsInFlight: Conduct = {
  ...finishes,
  signalled(house) {
    house.did('closed', house.pending.size);
    for (const { socket } of house.pending) socket.destroy();
  },
};

/** Resets them. */
export const resetsInFlight: Conduct = {
  ...finishes,
  signalled(house) {
    house.did('reset', house.pending.size);
    for (const { socket } of house.pending) socket.resetAndDestroy();
  },
};

/** Serves on until it leaves, and closes then what is under way. */
export const dropsWhenLeaving: Conduct = {
  called: (call) => void setTimeout(() => call.answer('done'), 4 * SLOW_MS),
  underWayEach: 1,
  signalled: () => undefined,
  left: dropsInFlight.signalled,
};
