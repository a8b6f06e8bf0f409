/**
 * What a command leaves behind when a run has been judged: a summary, copies at fixed paths, word to CI, and an exit
 * code.
 *
 * Rule: the names of the options and the codes are a contract.
 */
import { accessSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { EXIT } from '../errors.ts';
import { makeFolders, writing } from '../run/folder.ts';
import { junitXml } from '../report/text/junit.ts';
import { lastLineOf, type ComparedLine } from '../report/text/last-line.ts';
import { summaryText, oneLine } from '../report/text/terminal.ts';
import type { View } from '../report/view/view.ts';
import { viewOf } from '../report/view/view-of.ts';
import { writeWhole } from '../report/write.ts';
import type { FinishedRun } from '../run/saved.ts';
import { tellCi } from './ci.ts';

/** Options that write one run to a fixed path, with what they are a copy of. */
const COPIES = { json: 'result', html: 'html', junit: 'junit', markdown: 'markdown', openmetrics: 'metrics' } as const;

export type CopyOptions = Partial<Record<keyof typeof COPIES, string | undefined>>;

/** The options above that were given, as they are typed. */
export function copyOptionsIn(options: CopyOptions): string[] {
  return (Object.keys(COPIES) as (keyof typeof COPIES)[])
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name}`);
}

/** Where they write to. */
export function copyPathsIn(options: CopyOptions): string[] {
  return (Object.keys(COPIES) as (keyof typeof COPIES)[]).flatMap((name) => options[name] ?? []);
}

export interface Outputs extends CopyOptions {
  /** The verdict that the scenario expects is a success. */
  expect: boolean;
  /** What inconclusive is: a verdict of its own, or as bad as a failure. */
  inconclusive: 'report' | 'fail';
}

/** Says how a run ended, and writes what was asked for. Rejects with ZerodropError `cannot-write`. */
export async function leave(finished: FinishedRun, outputs: Outputs): Promise<void> {
  const view = viewOf(finished);
  process.stdout.write(summaryText(view, { color: pc.isColorSupported, reportPath: finished.paths.html }));
  const { pictureProblem } = finished.paths;
  if (pictureProblem !== null) process.stderr.write(`Warning: no pictures were drawn: ${oneLine(pictureProblem)}\n`);
  await copyOutputs(finished, outputs, view);
  tellCi(view, outputs);
}

/** Copies the files that were asked for. Rejects with ZerodropError `cannot-write`. */
export async function copyOutputs(
  { paths, ...finished }: FinishedRun,
  outputs: Outputs,
  view: View = viewOf(finished),
): Promise<void> {
  // How a run is gated is known here and not in the run.
  if (outputs.expect || outputs.inconclusive === 'fail') {
    await writeWhole(
      paths.junit,
      junitXml(view, { expect: outputs.expect, inconclusiveFails: outputs.inconclusive === 'fail' }),
    );
  }
  for (const [option, file] of Object.entries(COPIES) as [
    keyof typeof COPIES,
    (typeof COPIES)[keyof typeof COPIES],
  ][]) {
    const to = outputs[option];
    if (to !== undefined) copyTo(to, paths[file]);
  }
}

/**
 * Makes sure, before anything is run, that there can be a file at each of these paths. Throws ZerodropError
 * `cannot-write`.
 */
export function makeRoomFor(paths: readonly (string | undefined)[]): void {
  for (const path of paths) {
    if (path === undefined) continue;
    writing(path, () => {
      makeFolders(dirname(path));
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
        throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
      }
      accessSync(dirname(path), constants.W_OK);
    });
  }
}

/**
 * Copies a file to a path whose folders need not be there. Unlike the run's own, the copy has the mode of a new
 * file: another user may collect it. Throws ZerodropError `cannot-write`. */
export function copyTo(to: string, from: string): void {
  writing(to, () => {
    makeFolders(dirname(to));
    writeFileSync(to, readFileSync(from));
  });
}

/** Prints the last line, for scripts. */
export function printLastLine(
  finished: Parameters<typeof lastLineOf>[0],
  exitCode: number,
  comparison?: ComparedLine,
): void {
  process.stdout.write(`${lastLineOf(finished, exitCode, comparison)}\n`);
}

/** The exit code of a judged run; with `expect`, 0 when every verdict is the expected one. */
export function exitCodeOf(
  result: Pick<View, 'verdict' | 'asExpected' | 'interrupted'>,
  { expect, inconclusive }: Pick<Outputs, 'expect' | 'inconclusive'>,
): number {
  if (result.interrupted) return EXIT.interrupted;
  if (expect) return result.asExpected ? EXIT.pass : EXIT.fail;
  if (result.verdict === 'inconclusive' && inconclusive === 'fail') return EXIT.fail;
  return EXIT[result.verdict];
}
