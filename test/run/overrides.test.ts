import { describe, expect, it } from 'vitest';
import { overridesOf } from '../../src/run/overrides.ts';

describe('what the command line overrides', () => {
  it('is nothing when nothing is said', () => {
    expect(overridesOf({})).toEqual({});
  });

  it('is a part of a scenario', () => {
    expect(
      overridesOf({
        strategy: 'stop-start',
        restarts: 5,
        thresholds: ['lost=3', 'gap=100ms', 'spikes.max=2', 'spikes.over=50ms'],
      }),
    ).toEqual({
      restart: { strategy: 'stop-start', count: 5, until: null },
      thresholds: { lost: 3, gap: '100ms', spikes: { max: 2, over: '50ms' } },
    });
  });

  it('leaves out both controls when it says so', () => {
    expect(overridesOf({ controls: true })).toEqual({});
    expect(overridesOf({ controls: false })).toEqual({ controls: { positive: false, negative: 0 } });
  });

  it('refuses a threshold without a value', () => {
    expect(() => overridesOf({ thresholds: ['lost'] })).toThrow(/not name=value/);
  });
});
