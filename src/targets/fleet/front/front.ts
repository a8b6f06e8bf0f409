/**
 * The front doors that there are.
 *
 * Rule: one contract, model/front.ts; a new kind is added here and in a file of its own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { FrontDoor } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';
import { openEmbedded, type DoorPlace } from './embedded.ts';
import { openHaproxy } from './haproxy.ts';
import { openNginx } from './nginx.ts';

/**
 * Opens a front door that has no backends yet. Rejects with ZerodropError `port-taken`, `command-not-found` or
 * `bad-scenario`.
 */
export function openFront(place: DoorPlace, options: FrontOptions): Promise<FrontDoor> {
  switch (options.kind) {
    case 'embedded':
      return openEmbedded(place, options);
    case 'haproxy':
      return orderly(openHaproxy(place, options));
    case 'nginx':
      return orderly(openNginx(place, options));
  }
}

/**
 * A door that is told of a change when it is to act on it, and of one after the other: HAProxy takes the commands of
 * two connections in turns, so that an instance that has left would come back, and a reload of nginx may swallow one
 * that comes while it is under way.
 */
async function orderly(opening: Promise<FrontDoor>): Promise<FrontDoor> {
  const door = await opening;
  let closed = false;
  let last = Promise.resolve();
  return {
    ...door,
    async route(backends, afterMs = 0) {
      if (afterMs > 0) await delay(afterMs, undefined, { ref: false });
      if (!closed) await (last = last.catch(() => undefined).then(() => door.route(backends)));
    },
    close() {
      closed = true;
      return door.close();
    },
  };
}
