/**
 * What a CI system is told of a run beyond its files: annotations and a step summary, as GitHub Actions takes them.
 *
 * Rule: only where the environment says that somebody listens; what cannot be told is said on stderr and changes no
 * verdict.
 */
import { appendFileSync } from 'node:fs';
import { annotationLines } from '../report/text/annotations.ts';
import { summaryMarkdown } from '../report/text/markdown.ts';
import type { View } from '../report/view/view.ts';

/** Prints annotations on GitHub Actions, and appends the summary to the file that GITHUB_STEP_SUMMARY names. */
export function tellCi(
  view: View,
  { expect }: { expect: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): void {
  if (environment['GITHUB_ACTIONS'] === 'true') {
    for (const line of annotationLines(view, { expect })) process.stdout.write(`${line}\n`);
  }
  const path = environment['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, `${summaryMarkdown(view)}\n`);
  } catch (error) {
    process.stderr.write(`The step summary could not be written to ${path}: ${(error as Error).message}\n`);
  }
}
