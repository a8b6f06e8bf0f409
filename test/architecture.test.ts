/**
 * Holds the code to its architecture: reads the imports of src, and shows on made-up files that each rule would be
 * found broken.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  crossings,
  cycles,
  importsOf,
  longFiles,
  misplacedEffects,
  processesKnown,
  silencedChecks,
  strayingSignals,
  unexplainedFiles,
  vagueNames,
  wideLines,
  type Sources,
} from './architecture/rules.ts';
import { unitTestsThatDo } from './architecture/tiers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SRC = fileURLToPath(new URL('../src', import.meta.url));

function sourcesOf(folder: string): Sources {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]));
}

const made = (files: Record<string, string>): Sources => new Map(Object.entries(files));

describe('src', () => {
  const sources = sourcesOf(SRC);

  it('is there to be read', () => {
    expect(sources.size).toBeGreaterThan(50);
    expect(importsOf(sources.get('run/run.ts') ?? '')).toContain('../judge/compare/runs.ts');
  });

  it('has stages that import model, errors.ts and themselves only', () => expect(crossings(sources)).toEqual([]));
  it('does things left of the log only', () => expect(misplacedEffects(sources)).toEqual([]));
  it('has no import cycles', () => expect(cycles(sources)).toEqual([]));
  it('sends signals by number in one place only', () => expect(strayingSignals(sources)).toEqual([]));
  it('knows processes of a target in the kinds of target only', () => expect(processesKnown(sources)).toEqual([]));
  it('has short files', () => expect(longFiles(sources)).toEqual([]));
  it('has names that say something', () => expect(vagueNames(sources)).toEqual([]));
  it('silences no check without a reason', () => expect(silencedChecks(sources)).toEqual([]));
  it('explains each file at its top', () => expect(unexplainedFiles(sources)).toEqual([]));
});

describe('test', () => {
  it('has unit tests that start no process and open no socket; others are *.machine.test.ts', () => {
    const both = ['src', 'test'].flatMap((name) =>
      [...sourcesOf(join(SRC, '..', name))].map(([path, source]): [string, string] => [`${name}/${path}`, source]),
    );
    expect(unitTestsThatDo(new Map(both))).toEqual([]);
  });
});

describe('all code', () => {
  const isCode = (path: string): boolean => /\.(ts|mjs|js)$/.test(path) && !path.includes('node_modules');
  const codeOf = (folder: string): [string, string][] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(isCode)
      .map((path) => [`${folder}/${path}`, readFileSync(join(ROOT, folder, path), 'utf8')]);

  it('keeps within 120 columns', () => {
    const code = new Map(['src', 'test', 'scenarios'].flatMap(codeOf));
    expect(code.size).toBeGreaterThan(500);
    expect(wideLines(code)).toEqual([]);
  });
});

describe('a broken rule is found', () => {
  it('when a room that is blind to processes knows one', () => {
    const lines = [
      'const { pid } = instance;',
      'const instancePid = 1;',
      "textOf('/proc/1/stat');",
      '// the process group of the target',
      'const number = id.process;',
      "import { processOf } from '../processes/proc.ts';",
      "import { openAttached } from '../targets/attached/attached.ts';",
      "import { openTarget } from '../targets/open.ts';",
      'const rapid = process.hrtime();',
    ];
    expect(processesKnown(made({ 'judge/a.ts': lines.join('\n'), 'targets/process/b.ts': lines.join('\n') }))).toEqual([
      'judge/a.ts:1 a pid',
      'judge/a.ts:2 a pid',
      'judge/a.ts:3 /proc',
      'judge/a.ts:4 a process group',
      'judge/a.ts:5 a mark of a process',
      'judge/a.ts:6 processes/',
      'judge/a.ts:7 a kind of target',
    ]);
  });

  it('when a signal is sent past the one place', () => {
    expect(
      strayingSignals(made({ 'targets/a.ts': 'process.kill(pid)', 'processes/signal.ts': 'process.kill(1)' })),
    ).toEqual(['targets/a.ts calls process.kill']);
  });

  it('when a unit test can start a process, by whatever it loads', () => {
    const spawning = {
      'src/processes/a.ts': "import { spawn } from 'node:child_process'; export const a = spawn;",
      'src/run/run.ts': "export { a } from '../processes/a.ts';",
      'test/run/stage.ts': "import { a } from '../../src/run/run.ts'; export const b = a;",
      'test/run/a.test.ts': "import { b } from './stage.ts'; b();",
    };
    expect(unitTestsThatDo(made(spawning))).toEqual([
      'test/run/a.test.ts: src/processes/a.ts imports node:child_process',
    ]);
    const excused = {
      ...spawning,
      'test/run/a.test.ts': "import type { B } from './stage.ts';",
      'test/run/a.machine.test.ts': "import { b } from './stage.ts'; b();",
      'test/cli/a.test.ts': "import { connect } from 'node:net'; connect(1);",
    };
    expect(unitTestsThatDo(made(excused))).toEqual([]);
  });

  it('when a stage imports another one, in whatever form', () => {
    const forms = [
      "import { a } from '../targets/a.ts';",
      "import type { A } from '../targets/a.ts';",
      "export * from '../targets/a.ts';",
      "import '../targets/a.ts';",
      "const a = await import('../targets/a.ts');",
    ];
    for (const form of forms) {
      expect(crossings(made({ 'judge/b.ts': form })), form).toEqual(['judge/b.ts imports targets/a.ts']);
    }
    expect(crossings(made({ 'traffic/http1/b.ts': "import '../../targets/a.ts';" }))).toEqual([
      'traffic/http1/b.ts imports targets/a.ts',
    ]);
  });

  it('when a stage imports what joins stages, or judge imports report', () => {
    expect(crossings(made({ 'log/a.ts': "import '../run/run.ts';" }))).toEqual(['log/a.ts imports run/run.ts']);
    expect(crossings(made({ 'judge/a.ts': "import '../report/view/view.ts';" }))).toEqual([
      'judge/a.ts imports report/view/view.ts',
    ]);
    expect(crossings(made({ 'report/a.ts': "import '../commands/run.ts';" }))).toEqual([
      'report/a.ts imports commands/run.ts',
    ]);
  });

  it('when model imports anything else', () => {
    expect(crossings(made({ 'model/a.ts': "import '../errors.ts';" }))).toEqual(['model/a.ts imports errors.ts']);
    expect(misplacedEffects(made({ 'model/a.ts': "import 'node:fs';" }))).toEqual(['model/a.ts imports node:fs']);
  });

  it('but not when the import is allowed', () => {
    const allowed = {
      'model/a.ts': "import { constants } from 'node:os'; import { z } from 'zod'; import './b.ts';",
      'judge/a.ts':
        "import '../model/a.ts'; import '../errors.ts'; import './findings/b.ts'; import { beta } from 'jstat';",
      'report/page/a.ts': "import '../../judge/a.ts'; import 'node:fs';",
      'targets/a.ts': "import { spawn } from 'node:child_process';",
      'run/run.ts': "import '../targets/a.ts'; import '../judge/a.ts';",
      'commands/run.ts': "import '../run/run.ts'; import '../report/text/terminal.ts';",
    };
    expect(crossings(made(allowed))).toEqual([]);
    expect(misplacedEffects(made(allowed))).toEqual([]);
  });

  it('when something is done right of the log', () => {
    for (const name of [
      'node:child_process',
      'child_process',
      'node:net',
      'node:http',
      'node:dns/promises',
      'undici',
    ]) {
      for (const stage of ['judge', 'log', 'report', 'scenario', 'model']) {
        expect(misplacedEffects(made({ [`${stage}/a.ts`]: `import '${name}';` }))).toEqual([
          `${stage}/a.ts imports ${name}`,
        ]);
      }
    }
    expect(misplacedEffects(made({ 'judge/a.ts': "import 'node:fs';" }))).toHaveLength(1);
    expect(misplacedEffects(made({ 'log/a.ts': "import 'node:fs';" }))).toEqual([]);
  });

  it('when files import each other', () => {
    const ring = {
      'judge/a.ts': "import './b.ts';",
      'judge/b.ts': "import './sub/c.ts';",
      'judge/sub/c.ts': "import '../a.ts';",
      'judge/d.ts': "import './a.ts';",
    };
    expect(cycles(made(ring))).toEqual(['judge/a.ts -> judge/b.ts -> judge/sub/c.ts -> judge/a.ts']);
    expect(
      cycles(
        made({ 'judge/a.ts': "import './b.ts'; import './c.ts';", 'judge/b.ts': "import './c.ts';", 'judge/c.ts': '' }),
      ),
    ).toEqual([]);
  });

  it('when a file is too long', () => {
    expect(longFiles(made({ 'a.ts': 'a\n'.repeat(350) }))).toEqual([]);
    expect(longFiles(made({ 'a.ts': 'a\n'.repeat(351) }))).toEqual(['a.ts has 351 lines']);
  });

  it('when a line is too wide', () => {
    expect(wideLines(made({ 'a.ts': `${'a'.repeat(120)}\n${'a'.repeat(121)}\n` }))).toEqual(['a.ts:2']);
  });

  it('when a name says nothing', () => {
    expect(
      vagueNames(made({ 'judge/utils.ts': '', 'helpers/a.ts': '', 'target/common/a.ts': '', 'judge/uncommon.ts': '' })),
    ).toEqual(['judge/utils.ts', 'helpers/a.ts', 'target/common/a.ts']);
  });

  it('when a check is silenced', () => {
    const lines = [
      'const a = b as any;',
      '// @ts-ignore',
      '// @ts-expect-error',
      '// eslint-disable-next-line no-eval',
      '// eslint-disable-next-line no-eval -- the text is ours',
      'const many = a;',
    ];
    expect(silencedChecks(made({ 'a.ts': lines.join('\n') }))).toEqual([
      'a.ts:1 as any',
      'a.ts:2 @ts-ignore',
      'a.ts:3 @ts-expect-error without a reason',
      'a.ts:4 eslint-disable without a reason',
    ]);
  });

  it('when a file does not say what it is for', () => {
    expect(
      unexplainedFiles(
        made({ 'a.ts': '/** For a. */', 'cli.ts': '#!/usr/bin/env node\n/** For c. */', 'b.ts': "import './a.ts';" }),
      ),
    ).toEqual(['b.ts']);
  });
});
