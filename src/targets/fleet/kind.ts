/** A fleet: several instances behind a front door, both started by zerodrop. */
import type { TargetKind } from '../target.ts';
import { openFleetBehindDoor } from './open.ts';

export const fleet: TargetKind = {
  name: 'fleet',
  matches: (arm) => arm.fleet !== undefined,
  open: openFleetBehindDoor,
};
