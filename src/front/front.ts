/**
 * The front doors that there are.
 *
 * Rule: one contract, model/front.ts; a new kind is added here and in a file of its own.
 */
import type { FrontDoor } from '../model/front.ts';
import type { FrontOptions } from '../model/fleet.ts';
import { openEmbedded, type DoorPlace } from './embedded.ts';
import { openHaproxy } from './haproxy.ts';
import { openNginx } from './nginx.ts';

/** Opens a front door that has no backends yet. Rejects with ZerodropError `port-taken`, `command-not-found` or `bad-scenario`. */
export function openFront(place: DoorPlace, options: FrontOptions): Promise<FrontDoor> {
  switch (options.kind) {
    case 'embedded':
      return openEmbedded(place, options);
    case 'haproxy':
      return openHaproxy(place, options);
    case 'nginx':
      return openNginx(place, options);
  }
}
