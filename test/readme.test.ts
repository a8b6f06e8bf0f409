/** The README shows what works: its scenarios are valid, and the files that it points to are there. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioOf } from '../src/run/load.ts';
import type { ScenarioSource } from '../src/model/scenario.ts';

const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, block]) => parse(block as string) as Record<string, unknown> | unknown[],
);
const scenarios = blocks.filter(
  (block): block is Record<string, unknown> =>
    !Array.isArray(block) && ('target' in block || 'restart' in block || 'traffic' in block),
);

describe('the README', () => {
  it('has scenarios to copy', () => expect(scenarios.length).toBeGreaterThanOrEqual(4));

  it.each(scenarios.map((block) => [JSON.stringify(block).slice(0, 60), block] as const))(
    'shows a valid one: %s',
    (_, block) => {
      const whole = { name: 'shown', target: { command: './server' }, restart: { strategy: 'stop-start' }, ...block };
      expect(scenarioOf(whole as ScenarioSource).arms).toHaveLength(1);
    },
  );

  it('points to files that are there', () => {
    const paths = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path as string);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(fileURLToPath(new URL(path, root))))).toEqual([]);
  });
});
