/** A fourth kind of target: instances in memory. It shows that a kind is a folder and a line. */
import type { TargetKind } from '../../../src/targets/target.ts';
import { openMemory } from './memory.ts';

export const memory: TargetKind = {
  name: 'memory',
  matches: ({ target }) => target.environment['KIND'] === 'memory',
  open: openMemory,
};
