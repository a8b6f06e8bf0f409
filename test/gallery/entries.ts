/**
 * The scenarios of the gallery, with what the comment at the top of each says to people and to the runner.
 *
 * Rule: a scenario is known by its path without extension. `# Teaches:` says what for, `# Cured by: FILE` links a
 * failure with the scenario beside it that mends it, and `# Alone:` that nothing else may run meanwhile.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { loadScenario } from '../../src/run/load.ts';
import type { Scenario } from '../../src/model/scenario.ts';

export interface Entry {
  /** Such as `go/close`. */
  name: string;
  /** Path of the file. */
  file: string;
  scenario: Scenario;
  teaches: string;
  /** Names of the scenarios that cure it. */
  curedBy: string[];
  alone: boolean;
}

/** What a comment at the top of a scenario says. `name` is that of the scenario. */
export function noteOf(text: string, name: string): Pick<Entry, 'teaches' | 'curedBy' | 'alone'> {
  const comment = /^(?:\s*#.*\n)*/.exec(text)?.[0] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^\s*# ?/, '').trim());
  const cures = [...comment.matchAll(/Cured by:((?:[\s,#]|and)*\S+\.yaml)+/g)].flatMap(([found]) =>
    [...found.matchAll(/[^\s,#]+\.yaml/g)].map(([file]) => file),
  );
  return {
    teaches: sentence(
      lines
        .filter((line) => line !== '' && !/^(?:Cured by|Cures|Alone):/.test(line))
        .join(' ')
        .replace(/^Teaches: /, '')
        .replace(/\s*Cured by:.*$/, ''),
    ),
    curedBy: cures.map((file) => posix.join(posix.dirname(name), file).replace(/\.yaml$/, '')),
    alone: lines.some((line) => line.startsWith('Alone:')),
  };
}

const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** All scenarios below a folder, those of its targets left out. Rejects with ZerodropError when one is not valid. */
export async function entriesIn(folder: string): Promise<Entry[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.yaml') && !file.startsWith('targets/'),
  );
  const entries = files.toSorted().map(async (path): Promise<Entry> => {
    const name = path.replace(/\.yaml$/, '');
    const file = join(folder, path);
    return { name, file, scenario: await loadScenario(file), ...noteOf(readFileSync(file, 'utf8'), name) };
  });
  return Promise.all(entries);
}

/**
 * Those whose name matches one of the filters, each a part of a name or a pattern with `*`; all when there is no
 * filter.
 */
export function selectedOf<E extends { name: string }>(entries: readonly E[], filters: readonly string[]): E[] {
  const patterns = filters.map((filter) => filter.replace(/\.yaml$/, '').replace(/^(?:\.\/)?scenarios\//, ''));
  return entries.filter(({ name }) => filters.length === 0 || patterns.some((pattern) => matches(name, pattern)));
}

function matches(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name.includes(pattern);
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(name);
}
