/**
 * The chart definitions of a view, written once: Chart.js draws them in the page and in the pictures.
 *
 * Rule: pure data, see charts/definition.ts. Each is made when it is drawn: the page holds the numbers once, not once
 * for each chart.
 */
import type { ChartArm, Scope } from './clock.ts';
import type { ChartDefinition } from './definition.ts';
import { latencyChart } from './latency.ts';
import { overlayChart } from './overlay.ts';
import { profileChart } from './profile.ts';
import { timelineChart } from './timeline.ts';
import type { FailureView } from '../view/view.ts';

/** What charts are drawn from: a view, or the part of it that a page holds. */
export interface Charted {
  arms: readonly ChartArm[];
  failures: readonly FailureView[];
}

/** Which chart: of one arm by its position, or of all. */
export type ChartName =
  | { chart: 'overlay'; arm: number }
  | { chart: 'timeline' | 'latency'; arm: number; scope: Scope }
  | { chart: 'profile' };

/** The definition of a chart. */
export function chartOf({ arms, failures }: Charted, name: ChartName): ChartDefinition {
  if (name.chart === 'profile') return profileChart(arms, failures);
  const arm = arms[name.arm];
  if (arm === undefined) throw new Error(`there is no arm ${name.arm}`);
  const own = failures.filter((failure) => failure.arm === arm.name);
  switch (name.chart) {
    case 'overlay':
      return overlayChart(arm, own);
    case 'timeline':
      return timelineChart(arm, own, name.scope);
    case 'latency':
      return latencyChart(arm, name.scope);
  }
}
