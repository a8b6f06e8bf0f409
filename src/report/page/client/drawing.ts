/**
 * The charts of the page: drawn when the reader comes near, and again in other colours for a dark screen or for paper.
 *
 * Rule: one chart a canvas; what it shows is decided by chartOf, how it answers to a pointer is decided here.
 */
import type { ActiveElement, Chart as ChartClass, ChartConfiguration, TooltipItem } from 'chart.js';
import { chartOf, type Charted, type ChartName } from '../../charts/charts.ts';
import { bandsPlugin } from '../../charts/bands.ts';
import type { Scope } from '../../charts/clock.ts';
import type { Point } from '../../charts/definition.ts';
import { painted, type Palette } from '../../charts/palette.ts';

/** Chart.js, which the page loads as a script of its own, see script.ts. */
declare const Chart: typeof ChartClass;

export interface Drawing {
  paint(palette: Palette): void;
  show(scope: Scope): void;
  /** Draws those that no reader came near to, too. */
  drawAll(): void;
}

/** Draws into these canvases, as their `data-chart` and `data-arm` say. */
export function openDrawing(
  charted: Charted,
  canvases: readonly HTMLCanvasElement[],
  first: Palette,
  firstScope: Scope,
): Drawing {
  const drawn = new Map<HTMLCanvasElement, ChartClass>();
  let palette = first;
  let scope = firstScope;

  const nameOf = (canvas: HTMLCanvasElement): ChartName => {
    const arm = Number(canvas.dataset['arm']);
    switch (canvas.dataset['chart']) {
      case 'overlay':
        return { chart: 'overlay', arm };
      case 'timeline':
        return { chart: 'timeline', arm, scope };
      case 'latency':
        return { chart: 'latency', arm, scope };
      default:
        return { chart: 'profile' };
    }
  };
  const draw = (canvas: HTMLCanvasElement): void => {
    drawn.get(canvas)?.destroy();
    const definition = painted(chartOf(charted, nameOf(canvas)), palette);
    const tooltip = {
      displayColors: false,
      callbacks: { title: () => '', label: (item: TooltipItem<'line' | 'scatter'>) => tooltipText(item, charted) },
    };
    const configuration: ChartConfiguration<'line' | 'scatter'> = {
      ...definition,
      options: { ...definition.options, onClick: openFailure, plugins: { ...definition.options.plugins, tooltip } },
    };
    drawn.set(canvas, new Chart(canvas, configuration));
  };

  Chart.register(bandsPlugin);
  Chart.defaults.font.family = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  const nearView = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        nearView.unobserve(target);
        const canvas = target as HTMLCanvasElement;
        if (!drawn.has(canvas)) draw(canvas);
      }
    },
    { rootMargin: '500px' },
  );
  for (const canvas of canvases) nearView.observe(canvas);
  return {
    paint(to) {
      palette = to;
      for (const canvas of drawn.keys()) draw(canvas);
    },
    show(to) {
      scope = to;
      for (const canvas of drawn.keys()) {
        if (canvas.dataset['chart'] === 'timeline' || canvas.dataset['chart'] === 'latency') draw(canvas);
      }
    },
    drawAll() {
      for (const canvas of canvases) if (!drawn.has(canvas)) draw(canvas);
    },
  };
}

/** What Chart.js keeps with the element of a point. */
type DrawnElement = ActiveElement['element'] & { $context: { raw: Point } };

function openFailure(_event: unknown, points: ActiveElement[]): void {
  const n = points
    .map(({ element }) => (element as DrawnElement).$context.raw.n)
    .find((number) => number !== undefined);
  if (n !== undefined) window.location.hash = `#f-${n}`;
}

function tooltipText(
  { raw: drawnPoint, dataset }: TooltipItem<'line' | 'scatter'>,
  { failures }: Charted,
): string | string[] {
  const raw = drawnPoint as Point;
  const failure = raw.n === undefined ? undefined : failures[raw.n - 1];
  if (failure === undefined) return `${dataset.label}: ${raw.y ?? 'nothing'}`;
  const since =
    failure.sinceSignalMs === null
      ? 'in quiet time'
      : `${failure.sinceSignalMs.toFixed(1)} ms after the signal of restart ${failure.restart}`;
  return [
    `${raw.count === undefined ? '' : `${raw.count} `}${failure.outcome} (${failure.source}), ${since}`,
    'Click to read its story',
  ];
}
