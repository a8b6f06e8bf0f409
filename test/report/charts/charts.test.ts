import { describe, expect, it } from 'vitest';
import { chartOf, type Charted, type ChartName } from '../../../src/report/charts/charts.ts';
import type { ChartDefinition, Point } from '../../../src/report/charts/definition.ts';
import { DARK, LIGHT, painted } from '../../../src/report/charts/palette.ts';
import { sampleView } from '../sample.ts';

const namesOf = ({ arms }: Charted): ChartName[] => [
  { chart: 'profile' },
  ...arms.flatMap((_, arm): ChartName[] => [
    { chart: 'overlay', arm },
    ...(['whole', 'windows'] as const).flatMap((scope): ChartName[] => [
      { chart: 'timeline', arm, scope },
      { chart: 'latency', arm, scope },
    ]),
  ]),
];
const chartsOf = (view: Charted): ChartDefinition[] => namesOf(view).map((name) => chartOf(view, name));
const marksOf = (definition: ChartDefinition): Point[] =>
  definition.data.datasets
    .filter(({ type, label }) => type === 'scatter' && label !== 'stall')
    .flatMap(({ data }) => data);

describe('chart definitions', () => {
  it('are plain JSON', () => {
    const charts = chartsOf(sampleView());
    expect(JSON.parse(JSON.stringify(charts))).toEqual(charts);
  });

  it('stand for every failure, in each chart and scope', () => {
    const view = sampleView({ arms: 1, restarts: 50, failuresPerRestart: 100 });
    for (const name of namesOf(view).filter(({ chart }) => chart !== 'latency')) {
      expect(marksOf(chartOf(view, name)).reduce((sum, { count = 1 }) => sum + count, 0)).toBe(5000);
    }
  });

  it('break the line between two windows', () => {
    const chart = chartOf(sampleView({ arms: 1, restarts: 3 }), { chart: 'timeline', arm: 0, scope: 'windows' });
    const answered = chart.data.datasets.find(({ label }) => label === 'answered');
    expect(answered?.data.filter(({ y }) => y === null)).toHaveLength(3);
  });

  it('put the signal of every restart at zero', () => {
    const chart = chartOf(sampleView({ arms: 1, restarts: 3 }), { chart: 'overlay', arm: 0 });
    const signalled = chart.options.plugins.bands.bands.filter(({ color }) => color === '$signalled');
    expect(signalled.map(({ from }) => from)).toEqual([0, 0, 0]);
    expect(signalled.map(({ lane }) => lane)).toEqual([1, 2, 3]);
  });

  it('have a colour for every token, on light and on dark ground', () => {
    const charts = chartsOf(sampleView());
    for (const palette of [LIGHT, DARK]) expect(JSON.stringify(painted(charts, palette))).not.toMatch(/"\$/);
    expect(Object.keys(LIGHT)).toEqual(Object.keys(DARK));
  });

  it('give each arm its own line on one axis', () => {
    const { data } = chartOf(sampleView(), { chart: 'profile' });
    const answered = data.datasets.filter(({ yAxisID }) => yAxisID === 'y');
    expect(answered.map(({ label }) => label)).toEqual([
      'stop-start, answered',
      'handoff, answered',
      'cluster, answered',
    ]);
    expect(new Set(answered.map(({ borderColor }) => borderColor)).size).toBe(3);
  });

  it('cope with an arm that never restarted, and one that never had traffic', () => {
    const view = sampleView({ arms: 1, restarts: 1 });
    const arm = view.arms[0] as (typeof view.arms)[0];
    const profile = { fromMs: 0, bucketMs: 1, answeredShare: [], medianMs: [], worstMs: [] };
    for (const bare of [
      { ...arm, restarts: [], windows: [], profile },
      { ...arm, restarts: [], windows: [], sessions: [], instances: [], stalls: [], profile },
    ]) {
      expect(() => chartsOf({ arms: [bare], failures: [] })).not.toThrow();
    }
  });
});
