/**
 * The front doors that there are.
 *
 * Rule: one contract, model/front.ts; a new kind is added here and in a file of its own.
 */
import type { FrontDoor } from '../model/front.ts';
import type { FrontOptions } from '../model/fleet.ts';
import { ZerodropError } from '../errors.ts';
import { openEmbedded, type DoorPlace } from './embedded.ts';

/** Opens a front door that has no backends yet. Rejects with ZerodropError `port-taken` or `command-not-found`. */
export function openFront(place: DoorPlace, options: FrontOptions): Promise<FrontDoor> {
  switch (options.kind) {
    case 'embedded':
      return openEmbedded(place, options);
    case 'haproxy':
    case 'nginx':
      return Promise.reject(new ZerodropError('bad-scenario', `The front door ${options.kind} is not there yet.`, 'Use embedded.'));
  }
}
