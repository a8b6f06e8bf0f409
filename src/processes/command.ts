/**
 * A command as a scenario writes it, made ready to be spawned.
 *
 * Rule: no shell is started unless the scenario asks for one. `${NAME}` is replaced after the text has been split, so
 * that a value with spaces stays one argument; the text of a shell is left to the shell, which has the variables in its
 * environment.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import { ZerodropError } from '../errors.ts';
import type { Command } from '../model/step.ts';

/** What is spawned. */
export interface Program {
  file: string;
  args: string[];
}

export type Variables = Readonly<Record<string, string | undefined>>;

const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Whether each `${NAME}` in `text` is set. */
export function isFillable(text: string, variables: Variables): boolean {
  return [...text.matchAll(PLACEHOLDER)].every(([, name]) => variables[name as string] !== undefined);
}

/** `text` with each `${NAME}` replaced. Throws ZerodropError `bad-scenario` when a name is not set. */
export function filledIn(text: string, variables: Variables): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = variables[name];
    if (value !== undefined) return value;
    throw new ZerodropError(
      'bad-scenario',
      `"${text}" uses \${${name}}, which is not set.`,
      `Set ${name} under target.environment, or in the environment that zerodrop is started with.`,
    );
  });
}

/** The program and arguments that a command means. */
export function programOf(command: Command, variables: Variables): Program {
  if (typeof command === 'object' && 'shell' in command) return { file: '/bin/sh', args: ['-c', command.shell] };
  const [file, ...args] = (typeof command === 'string' ? parseArgsStringToArgv(command) : command).map((part) =>
    filledIn(part, variables),
  );
  if (file === undefined) {
    throw new ZerodropError('bad-scenario', 'The command is empty.', 'Name the program that starts the target.');
  }
  return { file, args };
}

/** The command in one line, as a user would type it. */
export function commandText(command: Command): string {
  if (typeof command === 'string') return command;
  return 'shell' in command ? command.shell : command.join(' ');
}

/** Throws ZerodropError `command-not-found` unless the folder is there and the program can be executed from it. */
export function checkProgram(file: string, folder: string, path: string | undefined): void {
  if (!isFolder(folder)) {
    throw new ZerodropError(
      'command-not-found',
      `The folder ${folder} does not exist, so "${file}" cannot be started in it.`,
      'Correct target.working_dir.',
    );
  }
  const places = file.includes('/') ? [folder] : foldersOf(path);
  const found = places.map((place) => resolve(folder, place, file)).filter(isFile);
  if (found.some(isExecutable)) return;
  if (found[0] !== undefined) {
    throw new ZerodropError(
      'command-not-found',
      `The program ${found[0]} may not be executed.`,
      `Make it executable (chmod +x), or name its interpreter in target.command.`,
    );
  }
  throw new ZerodropError(
    'command-not-found',
    `The program "${file}" ${file.includes('/') ? `was not found from ${folder}` : 'is not on PATH'}.`,
    'Install it, correct target.command or target.working_dir, or build it first with target.build.',
  );
}

/** Whether a program of this name can be executed from a folder of PATH. */
export function isInPath(name: string, path: string | undefined): boolean {
  return foldersOf(path).some((place) => isFile(resolve(place, name)) && isExecutable(resolve(place, name)));
}

const foldersOf = (path: string | undefined): string[] => (path ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
