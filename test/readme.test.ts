/** The READMEs show what works: their scenarios are valid, their commands exist, and what they point to is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioOf } from '../src/run/load.ts';
import type { ScenarioSource } from '../src/model/scenario.ts';

const root = new URL('../', import.meta.url);
const DOCUMENTS = [
  'README.md',
  'scenarios/README.md',
  'reports/README.md',
  'test/README.md',
  'src/README.md',
  '.github/CONTRIBUTING.md',
  'CHANGELOG.md',
];

const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const isThere = (path: string, from: string): boolean => existsSync(fileURLToPath(new URL(path, new URL(from, root))));

/** The blocks of YAML in a document that are scenarios, or parts of one. */
function scenariosIn(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, block]) => parse(block as string) as Record<string, unknown> | unknown[])
    .filter(
      (block): block is Record<string, unknown> =>
        !Array.isArray(block) && ('target' in block || 'restart' in block || 'traffic' in block),
    );
}

describe('the README', () => {
  it('is short', () => expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(155));
  it('has a scenario to copy', () => expect(scenariosIn(textOf('README.md')).length).toBeGreaterThanOrEqual(1));
  it('leads to every other document', () => {
    expect(DOCUMENTS.slice(1).filter((path) => !textOf('README.md').includes(`](${path})`))).toEqual([]);
  });
});

describe.each(DOCUMENTS)('%s', (document) => {
  const text = textOf(document);

  it('shows valid scenarios', () => {
    for (const block of scenariosIn(text)) {
      const whole = { name: 'shown', target: { command: './server' }, restart: { strategy: 'stop-start' }, ...block };
      expect(scenarioOf(whole as ScenarioSource).arms).toHaveLength(1);
    }
  });

  it('points to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path as string);
    expect(links.filter((path) => !isThere(path, document))).toEqual([]);
  });

  it('names paths of the repository that are there', () => {
    const paths = [...text.matchAll(/`((?:src|test|scenarios)\/[\w./-]*)`/g)].map(([, path]) => path as string);
    expect(paths.filter((path) => !isThere(path, 'README.md'))).toEqual([]);
  });

  it('names scripts of npm that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const names = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name as string);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('.github', () => {
  const forms = readdirSync(new URL('.github/ISSUE_TEMPLATE', root));

  it.each(forms)('has a form to fill in: %s', (form) => {
    const { name, description, body } = parse(textOf(`.github/ISSUE_TEMPLATE/${form}`)) as Record<string, unknown>;
    expect([name, description]).toEqual([expect.any(String), expect.any(String)]);
    for (const field of body as unknown[]) {
      expect(field).toMatchObject({
        type: 'textarea',
        id: expect.any(String),
        attributes: { label: expect.any(String) },
      });
    }
  });

  it('has workflows that run what a change must pass', () => {
    for (const workflow of ['ci', 'release']) {
      expect(textOf(`.github/workflows/${workflow}.yml`)).toContain('run: bash .ci/run');
    }
  });
});
