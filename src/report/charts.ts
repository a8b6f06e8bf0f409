/**
 * The chart definitions of a view, written once: the page draws them with Chart.js, the picture with chartjs-node-canvas.
 *
 * Rule: pure data, see charts/definition.ts.
 */
import type { ChartDefinition } from './charts/definition.ts';
import { latencyChart } from './charts/latency.ts';
import { overlayChart } from './charts/overlay.ts';
import { timelineChart } from './charts/timeline.ts';
import type { View } from './view.ts';

/** The charts of one arm; those over time in two scopes. */
export interface ArmCharts {
  arm: string;
  overlay: ChartDefinition;
  timeline: { windows: ChartDefinition; whole: ChartDefinition };
  latency: { windows: ChartDefinition; whole: ChartDefinition };
}

/** The charts of all arms, in their order. */
export function chartsOf(view: View): ArmCharts[] {
  return view.arms.map((arm) => {
    const failures = view.failures.filter((failure) => failure.arm === arm.name);
    return {
      arm: arm.name,
      overlay: overlayChart(arm, failures),
      timeline: { windows: timelineChart(arm, failures, 'windows'), whole: timelineChart(arm, failures, 'whole') },
      latency: { windows: latencyChart(arm, 'windows'), whole: latencyChart(arm, 'whole') },
    };
  });
}
