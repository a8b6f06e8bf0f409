/** Scenarios that are too large are refused at once: what is counted here took minutes or all memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';

const BASE = { name: 'x', target: { command: 'node x' }, restart: { strategy: 'stop-start' } };
const times = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('');
const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerodrop-limits-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function detailsOf(text: string, name = 'scenario.yaml'): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, text);
  const error: unknown = await loadScenario(path).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'bad-scenario', exitCode: 64 });
  return (error as { details: string[] }).details.join('\n');
}

describe('too large a scenario is refused in words', () => {
  it.each([
    [
      'a matrix of 10^12 combinations',
      JSON.stringify({
        ...BASE,
        matrix: Object.fromEntries(
          times(12, (n) => `k${n} `)
            .trim()
            .split(' ')
            .map((key) => [key, ten]),
        ),
      }),
      'at most 64 combinations, got 1000000000000',
    ],
    [
      'many arms',
      JSON.stringify({ ...BASE, arms: Object.fromEntries(ten.flatMap((a) => ten.map((b) => [`a${a}-${b}`, {}]))) }),
      'at most 64 arms, got 100',
    ],
    ['20,000 keys', times(20_000, (n) => `k${n}: 1\n`), 'at most 5000 values'],
    ['a name 10,000 times', `name: x\n${times(10_000, () => 'kk: 1\n')}`, 'the first 100 are shown'],
    ['deep lists', `{"name": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'levels'],
    ['deep maps', `target: ${'{a: '.repeat(100)}1${'}'.repeat(100)}`, 'at most 32 levels'],
    [
      'aliases of aliases',
      'a: &a [x,x,x,x,x,x,x,x,x]\n' +
        times(8, (n) => `${'bcdefghi'[n]}: &${'bcdefghi'[n]} [${times(9, () => `*${'abcdefgh'[n]},`)}]\n`),
      'aliases',
    ],
    ['a huge text', `name: x\ndescription: "${'y'.repeat(5_000_000)}"`, 'at most 256 kB'],
    [
      'thousands of unknown placeholders',
      JSON.stringify({
        ...BASE,
        target: {
          command: 'x',
          environment: Object.fromEntries(
            times(2000, (n) => `K${n} `)
              .trim()
              .split(' ')
              .map((key) => [key, '${Z' + key + '}']),
          ),
        },
      }),
      'the first 100 are shown',
    ],
  ])('%s', async (_, text, said) => {
    expect(await detailsOf(text)).toContain(said);
  });

  it('a ring in a scenario that is code', () => {
    const ring: Record<string, unknown> = { ...BASE };
    ring['target'] = ring;
    expect(() => scenarioOf(ring)).toThrow('has 1 problem');
  });
});
