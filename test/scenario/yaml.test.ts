import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { fileOf, refusalOf } from './files.ts';

const refused = (text: string, name?: string): ReturnType<typeof refusalOf> =>
  refusalOf(() => loadScenario(fileOf(text, name)));

describe('YAML that cannot be read', () => {
  it('is shown with its line and column', async () => {
    const refusal = await refused('name: a\ntarget:\n  command: ./server\n  environment: {A: ${A}}\n');
    expect(refusal).toMatchObject({
      code: 'bad-scenario',
      hint: 'Text that holds any of : # { } [ ] , & * ! | > % @ needs quotes in YAML.',
    });
    expect(refusal.message).toMatch(/ has 1 problem$/);
    expect(refusal.details).toEqual([
      'line 4, column 21: unexpected flow-map-start at node end',
      '  4 |   environment: {A: ${A}}',
      '    |                     ^',
    ]);
  });

  it.each([
    ['a tab', 'a:\n\tb: 2\n', ['line 2, column 1: a tab cannot indent YAML; use spaces', '  2 |  b: 2', '    | ^']],
    [
      'two colons',
      'a: b: c\n',
      [
        'line 1, column 4: a second ": " stands in one line; put the text in quotes, or the inner map on a ' +
          'line of its own',
        '  1 | a: b: c',
        '    |    ^',
      ],
    ],
    ['an open quote', 'a: "x\n\n', ['line 3, column 1: missing closing "quote', '  1 | a: "x', '    |      ^']],
    [
      'a second document',
      'a: 1\n---\nb: 1\n',
      ['line 2, column 1: a second document begins here, and a scenario file holds one', '  2 | ---', '    | ^'],
    ],
    ['an unknown tag', 'a: !env X\n', ['line 1, column 4: unresolved tag: !env', '  1 | a: !env X', '    |    ^']],
    [
      'a reserved character',
      'a: @x\n',
      ['line 1, column 4: plain value cannot start with reserved character @', '  1 | a: @x', '    |    ^'],
    ],
  ])('%s', async (_, text, details) => {
    expect((await refused(text)).details).toEqual(details);
  });

  it('is told line by line', async () => {
    const refusal = await refused('a: b: c\nd: @x\n');
    expect(refusal.message).toMatch(/ has 2 problems$/);
  });

  it('does not follow aliases without end', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...['b', 'c', 'd', 'e'].map((name, i) => `${name}: &${name} [${`*${'abcd'[i]},`.repeat(9)}]`),
    ].join('\n');
    expect((await refused(bomb)).details).toEqual(['the aliases stand for more values than can be read']);
  });
});

describe('JSON that cannot be read', () => {
  it('is shown with its line and column', async () => {
    const refusal = await refused('{"name": "a",\n "target" {}}', 'a.json');
    expect(refusal.details).toEqual([
      'line 2, column 11: missing , or : between flow map items',
      '  2 |  "target" {}}',
      '    |           ^',
    ]);
  });
});

describe('a text that is no map', () => {
  it.each([
    ['nothing', '', 'nothing'],
    ['a comment', '# nothing yet\n', 'nothing'],
    ['a list', '- a\n', 'a list'],
    ['a word', 'scenario\n', '"scenario" (text)'],
  ])('%s', async (_, text, got) => {
    expect((await refused(text)).details).toEqual([
      `the scenario (line 1): expected a map of fields such as name, target and restart; got ${got}`,
    ]);
  });
});

it('a byte order mark and Windows line ends do no harm', async () => {
  const path = fileOf('\uFEFFname: a\r\ntarget: {command: x}\r\nrestart: {strategy: stop-start, count: 0}\r\n');
  expect((await refusalOf(() => loadScenario(path))).details).toEqual([
    'restart.count (line 3): expected at least 1, got 0 (a number)',
  ]);
});
