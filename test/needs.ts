/**
 * Tools that a test needs and that not every machine has.
 *
 * Rule: on a user's machine a missing tool skips the test with a notice; in CI it is a failure, since a test that is
 * never run proves nothing.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether one of these programs is in PATH. Throws in CI (CI=true) when none is. */
export function needs(...programs: [string, ...string[]]): boolean {
  if (pathOf(...programs) !== undefined) return true;
  return missing(programs.join(' or '));
}

/** Where the first of these programs that is in PATH lies; undefined when none is. */
export function pathOf(...programs: [string, ...string[]]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(isExecutable);
}

/**
 * A Python that has this module: the one in PATH, or the system's own. Undefined when there is none; throws then in CI.
 */
export function pythonWith(module: string): string | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one.
    }
  }
  missing(`a Python with ${module}`);
  return undefined;
}

/** Says what is missing: with a notice, or in CI with an error. Always false. */
export function missing(what: string): false {
  if (process.env['CI'] === 'true') {
    throw new Error(
      `${what} is not installed, and in CI no test may be skipped for that; .ci/run installs what the tests need`,
    );
  }
  console.warn(`NOTICE: ${what} is not installed; the tests that need it are skipped.`);
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
