import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../src/model/nearest.ts';

describe('nearestOf', () => {
  const names = ['stop-start', 'kill-start', 'signal-handoff', 'within', 'of'];

  it.each([
    ['stop-strat', 'stop-start'],
    ['signalHandoff', 'signal-handoff'],
    ['STOP_START', 'stop-start'],
    ['whitin', 'within'],
    ['fo', 'of'],
    ['kil-start', 'kill-start'],
  ])('%s: %s', (name, meant) => expect(nearestOf(name, names)).toBe(meant));

  it.each(['', 'x', 'rolling', 'graceful-restart'])('nothing for %j', (name) =>
    expect(nearestOf(name, names)).toBeUndefined(),
  );
});
