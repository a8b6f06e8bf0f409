import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/model/scenario.ts';
import { scenarioOf } from '../../src/scenario/load.ts';
import { mergedScenario } from '../../src/scenario/together.ts';

const scenario = (name: string, more: object = {}): Scenario =>
  scenarioOf({
    name,
    description: `About ${name}.`,
    target: { command: 'node server.mjs' },
    restart: { strategy: 'stop-start' },
    ...more,
  });

describe('mergedScenario', () => {
  it('leaves a single scenario as it is', () => {
    const only = scenario('api', { arms: { a: {}, b: {} } });
    expect(mergedScenario([only])).toBe(only);
  });

  it('names arms for their scenario, and for themselves where that has several', () => {
    const merged = mergedScenario([
      scenario('old', { needs: ['go'], restart: { strategy: 'stop-start', count: 3 } }),
      scenario('new', { needs: ['npm', 'go'], arms: { a: {}, b: { restart: { count: 7 } } } }),
    ]);
    expect(merged).toMatchObject({ name: 'old-vs-new', description: '', needs: ['go', 'npm'] });
    expect(merged.arms.map(({ name, restart }) => [name, restart.count])).toEqual([
      ['old', 3],
      ['new.a', 20],
      ['new.b', 7],
    ]);
  });

  it('refuses two of one name', () => {
    expect(() => mergedScenario([scenario('api'), scenario('web'), scenario('api')])).toThrow(
      expect.objectContaining({ code: 'bad-arguments', message: 'two scenarios are called api' }),
    );
  });
});
