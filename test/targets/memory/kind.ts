/** A fourth kind of target, to show that one is a folder and a line: instances in memory, behind a server of the test. */
import type { TargetKind } from '../../../src/targets/target.ts';
import { openMemory } from './memory.ts';

export const memory: TargetKind = {
  name: 'memory',
  matches: ({ target }) => target.environment['KIND'] === 'memory',
  open: openMemory,
};
