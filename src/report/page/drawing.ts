/**
 * The charts of the page: drawn when the reader comes near, and again in other colours for a dark screen or for paper.
 *
 * Rule: one chart a canvas; what it shows is decided by chartOf, how it answers to a pointer is decided here.
 */
import { chartOf, type Charted, type ChartName } from '../charts/charts.ts';
import { bandsPlugin } from '../charts/bands.ts';
import type { Scope } from '../charts/clock.ts';
import { painted, type Palette } from '../charts/palette.ts';
import type { ChartLibrary, DrawnPoint, PageChart, PageElement, PageWindow, Watcher } from './browser.ts';

declare const window: PageWindow;
declare const Chart: ChartLibrary;
declare const IntersectionObserver: Watcher;

export interface Drawing {
  paint(palette: Palette): void;
  show(scope: Scope): void;
  /** Draws those that no reader came near to, too. */
  drawAll(): void;
}

/** Draws into these canvases, as their `data-chart` and `data-arm` say. */
export function openDrawing(
  charted: Charted,
  canvases: readonly PageElement[],
  first: Palette,
  firstScope: Scope,
): Drawing {
  const drawn = new Map<PageElement, PageChart>();
  let palette = first;
  let scope = firstScope;

  const nameOf = (canvas: PageElement): ChartName => {
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
  const draw = (canvas: PageElement): void => {
    drawn.get(canvas)?.destroy();
    const definition = painted(chartOf(charted, nameOf(canvas)), palette);
    const tooltip = {
      displayColors: false,
      callbacks: { title: () => '', label: (point: DrawnPoint) => tooltipText(point, charted) },
    };
    drawn.set(
      canvas,
      new Chart(canvas, {
        ...definition,
        options: { ...definition.options, onClick: openFailure, plugins: { ...definition.options.plugins, tooltip } },
      }),
    );
  };

  Chart.register(bandsPlugin);
  Chart.defaults.font.family = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  const nearView = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        nearView.unobserve(target);
        if (!drawn.has(target)) draw(target);
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

function openFailure(_event: unknown, points: { element: { $context: DrawnPoint } }[]): void {
  const n = points.map((point) => point.element.$context.raw.n).find((number) => number !== undefined);
  if (n !== undefined) window.location.hash = `#f-${n}`;
}

function tooltipText({ raw, dataset }: DrawnPoint, { failures }: Charted): string | string[] {
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
