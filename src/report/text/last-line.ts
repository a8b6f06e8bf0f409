/**
 * The last line of a command that has run or compared scenarios: what a script wants to know, as one JSON object.
 *
 * Rule: fields are added, never renamed. It says nothing that the reports do not say.
 */
import { worstOf } from '../../judge/conclude/verdict.ts';
import type { ComparedPair } from '../../model/comparison.ts';
import { sumOf } from '../../model/outcome.ts';
import type { Result } from '../../model/result.ts';
import type { Verdict } from '../../model/expect.ts';

export interface LastLine {
  schema: 'zerodrop/line/1';
  exitCode: number;
  /** The worst of all. */
  verdict: Verdict;
  asExpected: boolean;
  /** Totals over all arms of all scenarios. */
  due: number;
  lost: number;
  raced: number;
  rejected: number;
  failed: number;
  unsent: number;
  /** The longest wait of a client in restarts, over all arms. */
  longestWaitMs: number;
  /** Time in the stalls that touched restarts, over all arms. */
  stalledMs: number;
  restarts: number;
  dirty: number;
  /** One for each scenario: the folder of its run. */
  runs: { scenario: string; verdict: Verdict; asExpected: boolean; folder: string }[];
  /** What the runs were compared for; then the verdict above is that of the comparison. */
  comparison?: ComparedLine;
}

export interface ComparedLine {
  verdict: Verdict;
  folder: string;
  pairs: { reference: string; other: string; outcome: ComparedPair['outcome'] }[];
}

/** The line, without its line break. */
export function lastLineOf(
  finished: readonly { result: Result; folder: string }[],
  exitCode: number,
  comparison?: ComparedLine,
): string {
  const arms = finished.flatMap(({ result }) => result.arms);
  const { due, lost, raced, rejected, failed, unsent } = sumOf(arms.map(({ requests }) => requests));
  const line: LastLine = {
    schema: 'zerodrop/line/1',
    exitCode,
    verdict: comparison?.verdict ?? worstOf(finished.map(({ result }) => result.verdict)),
    asExpected: finished.every(({ result }) => result.asExpected),
    due,
    lost,
    raced,
    rejected,
    failed,
    unsent,
    longestWaitMs: Math.max(0, ...arms.map(({ longestWaitMs }) => longestWaitMs)),
    stalledMs: arms.reduce((sum, { stalledMs }) => sum + stalledMs, 0),
    restarts: arms.reduce((sum, { confidence }) => sum + confidence.restarts, 0),
    dirty: arms.reduce((sum, { confidence }) => sum + confidence.dirty, 0),
    runs: finished.map(({ result, folder }) => ({
      scenario: result.scenario,
      verdict: result.verdict,
      asExpected: result.asExpected,
      folder,
    })),
    ...(comparison === undefined ? {} : { comparison }),
  };
  return JSON.stringify(line);
}
