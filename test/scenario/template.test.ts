import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { strategyNames } from '../../src/model/strategies/registry.ts';
import { scenarioTemplate } from '../../src/scenario/template.ts';
import { fileOf } from './files.ts';

const template = scenarioTemplate({ name: 'api', schemaPath: './zerodrop.schema.json' });

/** The lines that are offered as a comment: a field, or the arms at the end. */
const OFFERED =
  /^(\s*)# ((?:build|identity|signal|command|pressure|sentinels|spikes|gap|arms): ?.*|  (?:restarted|crashed): .*)$/;

describe('the template', () => {
  it('names its schema in the first line', () => {
    expect(template.split('\n')[0]).toBe('# yaml-language-server: $schema=./zerodrop.schema.json');
  });

  it('loads without problems', async () => {
    const { name, arms } = await loadScenario(fileOf(template));
    expect(name).toBe('api');
    expect(arms).toHaveLength(1);
  });

  it('loads with everything that it offers', async () => {
    const lines = template.split('\n');
    const offered = lines.filter((line) => OFFERED.test(line));
    expect(offered).toHaveLength(11);
    const { arms } = await loadScenario(fileOf(lines.map((line) => line.replace(OFFERED, '$1$2')).join('\n')));
    expect(arms.map((arm) => [arm.name, arm.restart.strategy, arm.restart.signal, arm.thresholds.gap])).toEqual([
      ['restarted', 'stop-start', 'SIGUSR2', 100],
      ['crashed', 'kill-start', 'SIGUSR2', 100],
    ]);
  });

  it('takes every name', async () => {
    for (const name of ['1', 'true', 'a.b-c_d', '-']) {
      expect((await loadScenario(fileOf(scenarioTemplate({ name, schemaPath: 'x' })))).name).toBe(name);
    }
  });

  it('lists every strategy for one server', () => {
    for (const name of strategyNames(({ fleet, workload }) => (fleet ?? workload) === undefined)) {
      expect(template).toContain(`# ${name} `);
    }
  });
});
