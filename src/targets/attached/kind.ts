/** A target that runs already, on this machine or another one. */
import type { TargetKind } from '../target.ts';
import { openAttached } from './attached.ts';

export const attached: TargetKind = {
  name: 'attached',
  matches: ({ target, fleet }) => target.command === undefined && fleet === undefined,
  open: openAttached,
};
