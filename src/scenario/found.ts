/**
 * The file that a path names, or what the folder holds in its place.
 *
 * Rule: a name that was mistyped is answered with the names that there are.
 */
import { readdirSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { ZerodropError } from '../errors.ts';
import { nearestOf } from '../model/nearest.ts';

export const TEXT_EXTENSIONS = ['.yaml', '.yml', '.json'];
export const MODULE_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

const MOST_NAMES = 5;

/**
 * Throws ZerodropError `scenario-not-found` when the path is no file, `bad-scenario` when its name says that it is no
 * scenario.
 */
export function assertScenarioFile(path: string): void {
  const stats = statsOf(path);
  if (stats === undefined) {
    throw new ZerodropError(
      'scenario-not-found',
      `there is no scenario ${path}`,
      hintFor(dirname(path), basename(path)),
    );
  }
  if (stats.isDirectory()) {
    throw new ZerodropError('scenario-not-found', `${path} is a folder, not a scenario`, hintFor(path, ''));
  }
  if (!stats.isFile()) {
    throw new ZerodropError('scenario-not-found', `${path} is not a file`, 'Name a scenario file.');
  }
  if (![...TEXT_EXTENSIONS, ...MODULE_EXTENSIONS].includes(extname(path))) {
    throw new ZerodropError(
      'bad-scenario',
      `${path} is not named like a scenario`,
      `Name it *${[...TEXT_EXTENSIONS, ...MODULE_EXTENSIONS].join(', *')}.`,
    );
  }
}

/** What a path names; undefined when that cannot be seen. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function hintFor(folder: string, name: string): string {
  const names = scenarioNamesIn(folder);
  if (names === undefined) return `There is no folder ${folder} either. To begin a new scenario: zerodrop init FILE.`;
  const near = nearestOf(name, names) ?? names.find((one) => stem(one) === stem(name));
  if (near !== undefined) return `Did you mean ${join(folder, near)}?`;
  if (names.length === 0) return `There are no scenarios in ${folder}. To begin a new one: zerodrop init FILE.`;
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `In that folder there are: ${names.slice(0, MOST_NAMES).join(', ')}${more}.`;
}

function scenarioNamesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder)
      .filter((name) => [...TEXT_EXTENSIONS, ...MODULE_EXTENSIONS].includes(extname(name)))
      .sort();
  } catch {
    return undefined;
  }
}

function stem(name: string): string {
  return basename(name, extname(name));
}
