/**
 * Several runs as one view, so that the page of a run shows a comparison of runs, too.
 *
 * Rule: the arms of all runs stand side by side under the names that the comparison gives them; everything else is that of each run.
 */
import type { Comparison } from '../model/comparison.ts';
import { comparisonView } from './comparison-view.ts';
import type { View } from './view.ts';
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
  const durationMs = views.reduce((sum, view) => sum + view.durationMs, 0);
  return {
    ...first,
    scenario: listText([...new Set(views.map(({ scenario }) => scenario))]),
    verdict: comparison.pairs.some(({ outcome }) => outcome === 'worse') ? 'fail' : comparison.pairs.some(({ outcome }) => outcome === 'unclear') ? 'inconclusive' : 'pass',
    asExpected: true,
    interrupted: views.some(({ interrupted }) => interrupted),
    headline: comparison.sentence,
    durationMs,
    duration: durationText(durationMs),
    command,
    arms: views.flatMap(({ arms }) => arms),
    comparison: comparisonView(comparison),
    findings: views.flatMap(({ findings }) => findings),
    failures,
    scenarioText: views.map(({ scenarioText }) => scenarioText).join('---\n'),
  };
}

function renamed(view: View, nameOf: NamedView['nameOf']): View {
  const rename = <T extends { arm: string }>(one: T): T => ({ ...one, arm: nameOf(one.arm) });
  return {
    ...view,
    arms: view.arms.map((arm) => ({ ...arm, name: nameOf(arm.name) })),
    findings: view.findings.map(rename),
    failures: view.failures.map(rename),
  };
}
