/** Servers that serve connections without a request yet, close them cleanly, or throw them out. */
import { announces } from './idle.ts';
import type { Conduct } from './server.ts';

/** Serves what comes late on an old connection. */
export const serves: Conduct = announces;

/** Closes what has sent nothing, by FIN. */
export const closesParked: Conduct = {
  ...announces,
  signalled(house) {
    house.did('answered', house.sockets.size);
    for (const socket of house.sockets) socket.destroy();
  },
};

/** Resets what has sent nothing. */
export const resetsParked: Conduct = {
  ...announces,
  signalled(house) {
    house.did('reset', house.sockets.size);
    for (const socket of house.sockets) socket.resetAndDestroy();
  },
};
