/**
 * Several runs as one view, so that the page of a run shows a comparison of runs, too.
 *
 * Rule: the arms of all runs stand side by side under the names that the comparison gives them. What is judged is their
 * difference: what each run found on its own is a note.
 */
import { baselineFindingsOf } from '../../judge/conclude/findings/baseline.ts';
import { verdictOf } from '../../judge/conclude/verdict.ts';
import type { Comparison } from '../../model/comparison.ts';
import { comparisonView } from './comparison-view.ts';
import type { FindingView, View } from './view.ts';
import { durationText, listText } from './words.ts';

/** A run's view, and the name of each of its arms in the comparison. */
export interface NamedView {
  view: View;
  nameOf: (arm: string) => string;
}

/** One view of several runs; `command` is what compared them. The moments of each run count from its own start. */
export function runsView(named: readonly NamedView[], comparison: Comparison, command: string): View {
  const [first] = named.map(({ view }) => view) as [View, ...View[]];
  const views = named.map(({ view, nameOf }) => renamed(view, nameOf));
  const failures = views.flatMap((view) => view.failures).map((failure, index) => ({ ...failure, n: index + 1 }));
  const findings = comparison.pairs.flatMap(({ other }) =>
    baselineFindingsOf(comparison, other).map((finding): FindingView => ({ ...finding, arm: other, restart: null })),
  );
  const durationMs = views.reduce((sum, view) => sum + view.durationMs, 0);
  return {
    ...first,
    scenario: listText([...new Set(views.map(({ scenario }) => scenario))]),
    judged: 'pairs',
    verdict: verdictOf(findings),
    asExpected: true,
    interrupted: views.some(({ interrupted }) => interrupted),
    headline: comparison.sentence,
    durationMs,
    duration: durationText(durationMs),
    command,
    arms: views.flatMap(({ arms }) => arms),
    comparison: comparisonView(comparison),
    findings: [
      ...findings,
      ...views.flatMap((view) => view.findings).map((finding): FindingView => ({ ...finding, severity: 'note' })),
    ],
    failures,
    scenarioText: views.map(({ scenarioText }) => scenarioText).join('---\n'),
  };
}

function renamed(view: View, nameOf: NamedView['nameOf']): View {
  const rename = <T extends { arm: string }>(one: T): T => ({ ...one, arm: nameOf(one.arm) });
  return {
    ...view,
    // What a scenario expects of its arms is not judged here.
    arms: view.arms.map((arm) => ({
      ...arm,
      name: nameOf(arm.name),
      expect: arm.verdict,
      asExpected: true,
      expectsMore: false,
      surprises: [],
    })),
    findings: view.findings.map(rename),
    failures: view.failures.map(rename),
  };
}
