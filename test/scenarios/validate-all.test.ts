/** Every scenario that is shipped can be loaded, says what it teaches, and has a name of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/run/load.ts';

const FOLDER = new URL('../../scenarios/', import.meta.url).pathname;
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(?:ya?ml|json|ts)$/.test(file) && !file.startsWith('targets/') && !file.endsWith('.schema.json'))
  .toSorted();

describe('the shipped scenarios', () => {
  it.each(files)('%s is valid', async (file) => {
    const scenario = await loadScenario(`${FOLDER}${file}`);
    expect(scenario.description).not.toBe('');
    expect(readFileSync(`${FOLDER}${file}`, 'utf8')).toMatch(/^(?:#|\/\/|\{)/);
  });

  it('have names of their own', async () => {
    const names = await Promise.all(files.map(async (file) => (await loadScenario(`${FOLDER}${file}`)).name));
    expect(new Set(names).size).toBe(names.length);
  });
});
