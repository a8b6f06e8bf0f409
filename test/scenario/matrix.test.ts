import { describe, expect, it } from 'vitest';
import { combinationsOf, filledFrom } from '../../src/scenario/matrix.ts';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';
import { fileOf, refusalOf } from './files.ts';

const problemsOf = async (text: string): Promise<readonly string[]> =>
  (await refusalOf(() => loadScenario(fileOf(text)))).details;

describe('combinationsOf', () => {
  it('is every value with every other, in the order in which they were written', () => {
    const { combinations, problems } = combinationsOf({ runtime: ['node-20', 'node-22'], express: [4, 5] });
    expect(problems).toEqual([]);
    expect([...combinations]).toEqual([
      ['node-20-express-4', { runtime: 'node-20', express: 4 }],
      ['node-20-express-5', { runtime: 'node-20', express: 5 }],
      ['node-22-express-4', { runtime: 'node-22', express: 4 }],
      ['node-22-express-5', { runtime: 'node-22', express: 5 }],
    ]);
  });

  it('makes names of what is none, and wants them to differ', () => {
    expect([...combinationsOf({ node: ['20', 'v22.1'], drain: [true, false] }).combinations.keys()]).toEqual([
      'node-20-drain-true',
      'node-20-drain-false',
      'v22.1-drain-true',
      'v22.1-drain-false',
    ]);
    expect([...combinationsOf({ image: ['node:20', 'a b/c'] }).combinations.keys()]).toEqual(['node-20', 'a-b-c']);
    expect(combinationsOf({ image: ['a:b', 'a b'] }).problems).toEqual([
      { path: ['matrix'], text: expect.stringContaining('a name of its own, got a-b more than once') as string },
    ]);
  });

  it('has a limit', () => {
    const ten = Array.from({ length: 10 }, (_, index) => index);
    expect(combinationsOf({ a: ten, b: ten }).problems).toEqual([
      { path: ['matrix'], text: 'expected at most 64 combinations, got 100' },
    ]);
  });
});

describe('filledFrom', () => {
  it('puts values in the place of references, and leaves other variables alone', () => {
    const source = {
      command: ['node', '--port=${PORT}', 'v${matrix.a}/${matrix.b}'],
      restart: { count: '${matrix.a}' },
      none: null,
    };
    expect(filledFrom(source, { a: 3, b: 'x' })).toEqual({
      filled: { command: ['node', '--port=${PORT}', 'v3/x'], restart: { count: 3 }, none: null },
      problems: [],
    });
  });
});

describe('a scenario with a matrix', () => {
  const source = (more: object = {}) => ({
    name: 'm',
    matrix: { express: ['4', '5'] },
    target: { command: 'node server.mjs', environment: { EXPRESS: '${matrix.express}' } },
    restart: { strategy: 'stop-start' },
    ...more,
  });

  it('has an arm for each combination', () => {
    const { arms } = scenarioOf(source());
    expect(arms.map(({ name, target }) => [name, target.environment])).toEqual([
      ['express-4', { EXPRESS: '4' }],
      ['express-5', { EXPRESS: '5' }],
    ]);
  });

  it('has its problems told where they stand', async () => {
    const rest = 'name: m\ntarget: {command: "node ${matrix.expres}"}\nrestart: {strategy: stop-start}\n';
    expect(await problemsOf(`${rest}matrix: {express: [4, 5]}\n`)).toEqual([
      'target.command (line 2): "${matrix.expres}" is not defined; expected one of express; did you mean ' +
        '"express"?',
    ]);
    expect(await problemsOf(`${rest}matrix: {express: []}\n`)).toEqual([
      'matrix.express (line 4): expected a list of values, got an empty list',
    ]);
    expect(await problemsOf(`${rest}matrix: {express: [[4]]}\n`)).toEqual([
      'matrix.express[0] (line 4): expected a text, a number, true or false; got a list',
    ]);
    expect(await problemsOf(`${rest}matrix: {a: [4]}\narms: {b: {}}\n`)).toEqual([
      'matrix (line 4): expected either matrix or arms, got both',
    ]);
  });
});
