/** Holds what people read to plain English: texts and comments of src, the READMEs, the scenarios. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { proseOfCode } from './prose.ts';
import { forbiddenIn } from './words.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path) && !path.includes('node_modules'))
    .map((path) => `${folder}/${path}`)
    .sort();
}

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('plain English', () => {
  it('is written in the texts and comments of src', { timeout: 120_000 }, () => {
    const paths = filesIn('src', /\.ts$/);
    expect(paths.length).toBeGreaterThan(100);
    const wrong = paths.flatMap((path) =>
      proseOfCode(textOf(path)).flatMap(({ line, text, comment }) =>
        forbiddenIn(text, comment).map((what) => `${path}:${line} ${what}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('is written in the READMEs', () => {
    const paths = ['.', 'scenarios', 'reports', 'src', 'test'].map((folder) => `${folder}/README.md`);
    const wrong = paths.flatMap((path) => forbiddenIn(textOf(path)).map((what) => `${path} ${what}`));
    expect(wrong).toEqual([]);
  });

  it('is written in the scenarios', () => {
    const paths = filesIn('scenarios', /\.yaml$/);
    expect(paths.length).toBeGreaterThan(50);
    const wrong = paths.flatMap((path) =>
      textOf(path)
        .split('\n')
        .filter((line) => /^\s*#|^description:/.test(line))
        .flatMap((line) => forbiddenIn(line).map((what) => `${path} ${what}: ${line}`)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('what is not plain is found', () => {
  const found = (source: string): string[] =>
    proseOfCode(source).flatMap(({ text, comment }) => forbiddenIn(text, comment));

  it('in texts, over the lines that they are split into', () => {
    expect(found("const a = 'it was held ' +\n  'up for long';")).toEqual([expect.stringContaining('held up')]);
    expect(found('const a = `${b} cannot be told from ${c}`;')).toEqual([expect.stringContaining('told')]);
  });

  it('in comments, by phrase', () => {
    expect(found('/** It ended by\n * itself. */\nconst a = 1;')).toEqual([expect.stringContaining('on its own')]);
    expect(found('// which the log tells\nconst a = 1;')).toEqual([]);
  });

  it('and no code is taken for prose', () => {
    expect(found("import { told } from './told by itself.ts';\nconst told = 'told';\ntold.tell();")).toEqual([]);
  });
});
