import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { isSignal, SIGNALS } from '../../src/model/signal.ts';

it.runIf(process.platform === 'linux')('the signals are those of this system', () => {
  expect([...SIGNALS].toSorted()).toEqual(Object.keys(constants.signals).toSorted());
});

it('a name alone is no signal, and what every object has is none', () => {
  expect(['SIGTERM', 'TERM', 'toString', 15].map(isSignal)).toEqual([true, false, false, false]);
});
