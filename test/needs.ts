/**
 * Tools that a test needs and that not every machine has.
 *
 * Rule: on a user's machine a missing tool skips the test with a notice; in CI it is a failure, since a test that is never run
 * proves nothing.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether one of these programs is in PATH. Throws in CI (CI=true) when none is. */
export function needs(...programs: [string, ...string[]]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  if (programs.some((program) => folders.some((folder) => isExecutable(join(folder, program))))) return true;
  const missing = `${programs.join(' or ')} is not installed`;
  if (process.env['CI'] === 'true') throw new Error(`${missing}, and in CI no test may be skipped for that; .ci/run installs what the tests need`);
  console.warn(`NOTICE: ${missing}; the tests that need it are skipped.`);
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
