/**
 * What a command leaves behind when a run has been judged: a summary, copies at fixed paths, and an exit code.
 *
 * Rule: the names of the options and the codes are a contract.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { EXIT } from '../errors.ts';
import { writing } from '../folder.ts';
import type { Result } from '../model/result.ts';
import { summaryText } from '../report/terminal.ts';
import { viewOf } from '../report/view-of.ts';
import type { FinishedRun } from '../run.ts';

export interface Outputs {
  json?: string | undefined;
  html?: string | undefined;
  junit?: string | undefined;
  markdown?: string | undefined;
  expect: boolean;
}

/** Copies the files that were asked for. Throws ZerodropError `cannot-write`. */
export function copyOutputs(finished: FinishedRun, outputs: Outputs): void {
  const { paths } = finished;
  const copies = [
    [paths.result, outputs.json],
    [paths.html, outputs.html],
    [paths.junit, outputs.junit],
    [paths.markdown, outputs.markdown],
  ] as const;
  for (const [from, to] of copies) {
    if (to === undefined) continue;
    writing(to, () => {
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(from, to);
    });
  }
}

/** Prints the table of verdicts and where the page lies. */
export function printSummary(finished: FinishedRun): void {
  process.stdout.write(summaryText(viewOf(finished), { color: pc.isColorSupported, reportPath: finished.paths.html }));
}

/** The exit code of a judged run; with `expect`, 0 when every verdict is the expected one. */
export function exitCodeOf(result: Result, expect: boolean): number {
  if (result.interrupted) return EXIT.interrupted;
  if (expect) return result.asExpected ? EXIT.pass : EXIT.fail;
  return EXIT[result.verdict];
}
