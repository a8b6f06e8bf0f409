/** A process that zerodrop starts on this machine, with whatever it starts itself. */
import type { TargetKind } from '../target.ts';
import { openOwnProcess } from './own.ts';

export const ownProcess: TargetKind = {
  name: 'process',
  matches: ({ target, fleet }) => target.command !== undefined && fleet === undefined,
  open: openOwnProcess,
};
