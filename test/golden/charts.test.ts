import { beforeAll, describe, expect, it } from 'vitest';
import { chartOf, type ChartName } from '../../src/report/charts/charts.ts';
import type { ChartDefinition } from '../../src/report/charts/definition.ts';
import { viewOf } from '../../src/report/view/view-of.ts';
import type { View } from '../../src/report/view/view.ts';
import { savedJudgement } from './saved.ts';

/** A definition as text that shows a difference well: a dataset or an option a line, points in pairs. */
function textOf({ type, data, options }: ChartDefinition): string {
  const datasets = data.datasets.map(({ data: points, ...style }) => [
    JSON.stringify(style),
    '  ' +
points.map(({ x, y, n, count }) => `${x},${y ?? '-'}${n === undefined ? '' : ` f-${n}`}${
count === undefined ? '' : ` of ${count}`}`).join('; '),
  ]);
  const { bands, lines, ...colors } = options.plugins.bands;
  return [
    type,
    ...datasets.flat(),
    ...Object.entries(options.scales).map(([axis, scale]) => `${axis}: ${JSON.stringify(scale)}`),
    ...bands.map((band) => `band ${JSON.stringify(band)}`),
    ...lines.map((line) => `line ${JSON.stringify(line)}`),
    JSON.stringify({ ...options, scales: undefined, plugins: { ...options.plugins, bands: colors } }),
    '',
  ].join('\n');
}

describe('the charts of a saved log', () => {
  let view: View;
  beforeAll(async () => {
    view = viewOf(await savedJudgement('two-arms'));
  });

  it.each<[string, ChartName]>([
    ['profile', { chart: 'profile' }],
    ['overlay', { chart: 'overlay', arm: 0 }],
    ['timeline-whole', { chart: 'timeline', arm: 0, scope: 'whole' }],
    ['timeline-windows', { chart: 'timeline', arm: 1, scope: 'windows' }],
    ['latency-whole', { chart: 'latency', arm: 1, scope: 'whole' }],
  ])('%s is as it was', async (name, chart) => {
    await expect(textOf(chartOf(view, chart))).toMatchFileSnapshot(`charts/${name}.txt`);
  });
});
