/**
 * `zerodrop run`: every scenario in turn, then the exit code.
 *
 * Rule: all scenarios are read and checked before the first one starts.
 */
import { EXIT, ZerodropError } from '../errors.ts';
import { loadScenario } from '../run/load.ts';
import { assertPrograms } from '../run/programs.ts';
import { overridesOf } from '../run/overrides.ts';
import { openProgress } from '../report/text/progress.ts';
import { run } from '../run/run.ts';
import type { FinishedRun } from '../run/saved.ts';
import { copyOptionsIn, copyPathsIn, exitCodeOf, leave, makeRoomFor, printLastLine, type Outputs } from './outputs.ts';

export interface RunArguments extends Outputs {
  files: readonly string[];
  strategy?: string | undefined;
  restarts?: number | undefined;
  thresholds?: readonly string[] | undefined;
  seed?: number | undefined;
  /** False: neither control. */
  controls?: boolean | undefined;
  bail?: boolean | undefined;
  /** An earlier run to be held to. */
  baseline?: string | undefined;
  outDir: string;
  quiet: boolean;
  /** The words after the program's name, to repeat the command from. */
  args: readonly string[];
  signal: AbortSignal;
}

/** Runs the scenarios and returns the exit code. Rejects with ZerodropError. */
export async function runScenarios(options: RunArguments): Promise<number> {
  const copies = copyOptionsIn(options);
  if (options.files.length > 1 && copies.length > 0) {
    throw new ZerodropError(
      'bad-arguments',
      `${copies.join(' and ')} would write one run, and there are ${options.files.length} scenarios`,
      'Run the scenarios one by one, or take the files from the report folders.',
    );
  }
  if (options.seed !== undefined && !(Number.isSafeInteger(options.seed) && options.seed >= 0)) {
    throw new ZerodropError(
      'bad-arguments',
      `--seed ${options.seed} must be a non-negative integer`,
      'Take the seed from an earlier result.json.',
    );
  }
  const overrides = overridesOf(options);
  const scenarios = [];
  for (const file of options.files) scenarios.push(await loadScenario(file, overrides));
  for (const scenario of scenarios) assertPrograms(scenario);
  makeRoomFor(copyPathsIn(options));

  const finishedRuns: FinishedRun[] = [];
  for (const scenario of scenarios) {
    if (options.signal.aborted) break;
    const progress = openProgress({ stream: process.stderr, quiet: options.quiet });
    const finished = await run(scenario, {
      outDir: options.outDir,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      command: ['zerodrop', ...options.args].map(quoted).join(' '),
      bail: options.bail === true,
      ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
      progress,
      signal: options.signal,
    });
    await leave(finished, options);
    finishedRuns.push(finished);
  }
  const exitCode = options.signal.aborted
    ? EXIT.interrupted
    : worstOf(finishedRuns.map(({ result }) => exitCodeOf(result, options)));
  printLastLine(finishedRuns, exitCode);
  return exitCode;
}

/** fail beats inconclusive beats pass, whatever their numbers. */
function worstOf(codes: readonly number[]): number {
  return [EXIT.interrupted, EXIT.fail, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.pass;
}

export function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
