/** A workload of Kubernetes. */
import type { TargetKind } from '../target.ts';
import { openWorkload } from './open.ts';

export const kubernetes: TargetKind = {
  name: 'kubernetes',
  matches: ({ target }) => target.kubernetes !== undefined,
  open: openWorkload,
};
