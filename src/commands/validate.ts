/**
 * `zerodrop validate`: checks scenarios without running anything.
 *
 * Rule: all files are checked, also after one with problems.
 */
import { EXIT, ZerodropError } from '../errors.ts';
import { loadScenario } from '../run/load.ts';
import { restartCountOf } from '../run/run.ts';
import { oneLine } from '../report/text/terminal.ts';
import { printFailure } from './failure.ts';

/** Prints a line for each good file and the problems of the others; returns the exit code. */
export async function validate(files: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.pass;
  for (const file of files) {
    try {
      const scenario = await loadScenario(file);
      const arms = scenario.arms.map((arm) => `${arm.name} ×${restartCountOf(arm)}`).join(', ');
      process.stdout.write(`${oneLine(file)}: valid; ${arms}\n`);
    } catch (error) {
      if (!(error instanceof ZerodropError)) throw error;
      exitCode = printFailure(error);
    }
  }
  return exitCode;
}
