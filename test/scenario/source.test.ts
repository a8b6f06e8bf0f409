import { describe, expect, it } from 'vitest';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';
import { sourceOf } from '../../src/scenario/source.ts';
import { EXAMPLE, fileOf, LEAST } from './files.ts';

describe('a scenario written out again', () => {
  it('says no more of what it expects than is needed', () => {
    expect(sourceOf(scenarioOf({ ...LEAST, expect: { verdict: 'fail' } }))['expect']).toBe('fail');
    const known = { verdict: 'fail', findings: ['requests-lost'], outcomes: ['refused', 'reset'] } as const;
    expect(sourceOf(scenarioOf({ ...LEAST, expect: known }))['expect']).toEqual(known);
  });

  it('is flat without arms, with all defaults, in the units of people', () => {
    const source = sourceOf(scenarioOf(LEAST));
    expect(Object.keys(source)).toEqual([
      'name',
      'description',
      'needs',
      'target',
      'services',
      'restart',
      'traffic',
      'thresholds',
      'adversity',
      'controls',
      'expect',
    ]);
    expect(source['restart']).toEqual({ strategy: 'stop-start', count: 20, quiet: '1s', timeout: '60s' });
    expect(source).toMatchObject({
      target: { healthcheck: { interval: '50ms' } },
      traffic: { arrivals: { fresh: { rate: '200/s' } }, client: { timeout: '5s' } },
    });
  });

  it('loads back to the same scenario: the example', async () => {
    const scenario = await loadScenario(fileOf(EXAMPLE));
    const source = sourceOf(scenario);
    expect(Object.keys(source['arms'] as object)).toEqual(['express-4', 'express-5']);
    expect(scenarioOf(JSON.parse(JSON.stringify(source)))).toEqual(scenario);
  });

  it('loads back to the same scenario: every kind of step and unit', () => {
    const scenario = scenarioOf({
      ...LEAST,
      target: {
        ...LEAST.target,
        command: { shell: 'exec ./server' },
        stop_signal: 'int',
        healthcheck: { interval: '1.5us', timeout: '1m30s', start_period: '16.1s' },
      },
      restart: {
        strategy: [
          'start',
          { start: { socket: 'inherited' } },
          { ready: { successes: 3, within: '0.7ms' } },
          { signal: 'usr2' },
          { signal: { name: 'HUP', to: 'new' } },
          { stop: { signal: 'SIGQUIT', within: '32.3s' } },
          { kill: {} },
          { exited: { who: 'workers' } },
          { replaced: null },
          { freeze: '30ms' },
          { sleep: '1h' },
          { run: ['a', 'b'] },
          { run: { command: { shell: 'c' }, within: '250us' } },
          { rollback: ['kill', { start: null }, { sleep: '0s' }] },
        ],
        until: { confidence: '99.9%', dirty_restarts_below: '33.3%' },
      },
      traffic: {
        arrivals: {
          a: {
            rate: '1000/min',
            method: 'POST',
            body: 'x',
            headers: { 'x-a': 'b' },
            expect: { status: [200, 204], body_bytes: 3 },
          },
        },
        sentinels: { upload: { count: 2, expect: { status: 200 } } },
      },
      thresholds: { spikes: { over: '250ms' } },
      adversity: { freeze: '12.5ms' },
      needs: ['go', 'redis-server'],
      expect: { verdict: 'fail', outcomes: ['refused'] },
      arms: { only: {} },
    });
    const source = sourceOf(scenario);
    expect(Object.keys(source)).toEqual(['name', 'description', 'needs', 'arms']);
    expect(scenarioOf(JSON.parse(JSON.stringify(source)))).toEqual(scenario);
  });
});
