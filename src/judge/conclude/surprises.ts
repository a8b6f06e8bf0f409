/**
 * Whether an arm ended as its scenario expects, and if not, why.
 *
 * Rule: what is expected is the least: more findings and more outcomes than those named are no surprise.
 */
import type { Counts } from '../../model/outcome.ts';
import type { Finding } from '../../model/result.ts';
import type { KnownEnd, Verdict } from '../../model/expect.ts';

/** How an arm ended. `counts` are those of its requests and sentinels together. */
export interface End {
  verdict: Verdict;
  findings: readonly Pick<Finding, 'code'>[];
  counts: Counts;
}

/** What is not as expected, one sentence each; empty when all is. */
export function surprisesOf(expected: KnownEnd, { verdict, findings, counts }: End): string[] {
  return [
    ...(verdict === expected.verdict ? [] : [`The verdict is ${verdict}, and ${expected.verdict} was expected.`]),
    ...expected.findings
      .filter((wanted) => findings.every(({ code }) => code !== wanted))
      .map((wanted) => `The finding ${wanted} was expected and is missing.`),
    ...expected.outcomes
      .filter((wanted) => counts[wanted] === 0)
      .map((wanted) => `At least one request or sentinel was expected to end as ${wanted}, and none did.`),
  ];
}
