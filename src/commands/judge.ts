/**
 * `zerodrop judge` and `zerodrop report`: a saved run, judged and written again from its log.
 *
 * Rule: nothing is run; the log is the only source.
 */
import { savedRunFolder } from '../run/folder.ts';
import { judgeRun } from '../run/saved.ts';
import { copyOutputs, exitCodeOf, leave, printLastLine, type Outputs } from './outputs.ts';

/** Judges again, prints the summary and returns the exit code of the verdict. */
export async function judgeAgain(named: string, outputs: Outputs): Promise<number> {
  const finished = await judgeRun(savedRunFolder(named));
  await leave(finished, outputs);
  const exitCode = exitCodeOf(finished.result, outputs);
  printLastLine([finished], exitCode);
  return exitCode;
}

/** Writes the reports again and prints where they are. */
export async function reportAgain(named: string, outputs: Outputs): Promise<void> {
  const finished = await judgeRun(savedRunFolder(named));
  await copyOutputs(finished, outputs);
  process.stdout.write(`${outputs.html ?? finished.paths.html}\n`);
}
