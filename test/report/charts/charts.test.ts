import { describe, expect, it } from 'vitest';
import { chartsOf } from '../../../src/report/charts.ts';
import type { ChartDefinition, Point } from '../../../src/report/charts/definition.ts';
import { DARK, LIGHT, painted } from '../../../src/report/charts/palette.ts';
import { sampleView } from '../sample.ts';

const marksOf = (definition: ChartDefinition): Point[] => definition.data.datasets.filter(({ type, label }) => type === 'scatter' && label !== 'stall').flatMap(({ data }) => data);

describe('chart definitions', () => {
  it('are plain JSON', () => {
    const charts = chartsOf(sampleView());
    expect(JSON.parse(JSON.stringify(charts))).toEqual(charts);
  });

  it('are as they were', async () => {
    const charts = chartsOf(sampleView({ arms: 1, restarts: 1, failuresPerRestart: 4 }));
    const pointsOnOneLine = JSON.stringify(charts, null, 1).replace(/\{\s+("x": [^{}]*?)\s+\}/g, (_, point: string) => `{${point.replace(/\s+/g, ' ')}}`);
    await expect(`${pointsOnOneLine}\n`).toMatchFileSnapshot('../golden/charts.json');
  });

  it('show every failure, in each chart and scope', () => {
    const view = sampleView({ arms: 1, restarts: 50, failuresPerRestart: 100 });
    const [charts] = chartsOf(view);
    if (charts === undefined) throw new Error('no charts');
    for (const definition of [charts.overlay, charts.timeline.windows, charts.timeline.whole]) {
      expect(new Set(marksOf(definition).map(({ n }) => n)).size).toBe(5000);
    }
  });

  it('break the line between two windows', () => {
    const [charts] = chartsOf(sampleView({ arms: 1, restarts: 3 }));
    const answered = charts?.timeline.windows.data.datasets.find(({ label }) => label === 'answered');
    expect(answered?.data.filter(({ y }) => y === null)).toHaveLength(3);
  });

  it('put the signal of every restart at zero', () => {
    const view = sampleView({ arms: 1, restarts: 3 });
    const [charts] = chartsOf(view);
    const signalled = charts?.overlay.options.plugins.bands.bands.filter(({ color }) => color === '$signalled') ?? [];
    expect(signalled.map(({ from }) => from)).toEqual([0, 0, 0]);
    expect(signalled.map(({ lane }) => lane)).toEqual([1, 2, 3]);
  });

  it('have a colour for every token, on light and on dark ground', () => {
    const charts = chartsOf(sampleView());
    for (const palette of [LIGHT, DARK]) expect(JSON.stringify(painted(charts, palette))).not.toMatch(/"\$/);
    expect(Object.keys(LIGHT)).toEqual(Object.keys(DARK));
  });

  it('cope with an arm that never restarted', () => {
    const view = sampleView({ arms: 1, restarts: 1 });
    const arm = { ...(view.arms[0] as (typeof view.arms)[0]), restarts: [], windows: [] };
    expect(() => chartsOf({ ...view, arms: [arm], failures: [] })).not.toThrow();
  });
});
