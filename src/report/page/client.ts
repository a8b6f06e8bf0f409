/**
 * The script of the page: draws the charts, fills the table of failures as the reader comes to it, follows permalinks.
 *
 * Rule: it adds nothing that the file does not already hold; without it the page still tells the verdict and its reasons.
 * It is compiled like all other code and embedded as text, see script.ts.
 */
import { bandsPlugin } from '../charts/bands.ts';
import { DARK, LIGHT, painted, type Palette } from '../charts/palette.ts';
import type { ArmCharts } from '../charts.ts';
import type { FailureView } from '../view.ts';
import type { ChartLibrary, DrawnPoint, PageChart, PageDocument, PageElement, PageWindow, Watcher } from './browser.ts';
import { failureRow } from './failure-row.ts';

declare const document: PageDocument;
declare const window: PageWindow;
declare const Chart: ChartLibrary;
declare const IntersectionObserver: Watcher;

interface PageData {
  charts: ArmCharts[];
  failures: FailureView[];
}

const ROWS_AT_A_TIME = 100;
const data = JSON.parse(document.getElementById('data')?.textContent ?? '{"charts":[],"failures":[]}') as PageData;
const byId = (id: string): PageElement => document.getElementById(id) as PageElement;

// Charts

const drawn = new Map<PageElement, PageChart>();
const waiting = new Set<PageElement>(document.querySelectorAll('canvas[data-chart]'));
const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');
let scope: 'windows' | 'whole' = 'windows';
let palette: Palette = darkScheme.matches ? DARK : LIGHT;

function definitionOf(canvas: PageElement): object {
  const charts = data.charts[Number(canvas.dataset['arm'])] as ArmCharts;
  const definition = canvas.dataset['chart'] === 'overlay' ? charts.overlay : charts[canvas.dataset['chart'] as 'timeline' | 'latency'][scope];
  const copy = painted(definition, palette);
  return {
    ...copy,
    options: {
      ...copy.options,
      onClick: (_event: unknown, points: { element: { $context: DrawnPoint } }[]) => {
        const n = points.map((point) => point.element.$context.raw.n).find((number) => number !== undefined);
        if (n !== undefined) window.location.hash = `#f-${n}`;
      },
      plugins: { ...copy.options.plugins, tooltip: { displayColors: false, callbacks: { title: () => '', label: tooltipText } } },
    },
  };
}

function tooltipText(point: DrawnPoint): string | string[] {
  const failure = point.raw.n === undefined ? undefined : data.failures[point.raw.n - 1];
  if (failure === undefined) return `${point.dataset.label}: ${point.raw.y ?? 'nothing'}`;
  const since = failure.sinceSignalMs === null ? 'in quiet time' : `${failure.sinceSignalMs.toFixed(1)} ms after the signal of restart ${failure.restart}`;
  return [`${failure.outcome} (${failure.source}), ${since}`, 'Click to read its story'];
}

function draw(canvas: PageElement): void {
  drawn.get(canvas)?.destroy();
  drawn.set(canvas, new Chart(canvas, definitionOf(canvas)));
}

function redraw(to: Palette, all: boolean): void {
  palette = to;
  if (all) for (const canvas of waiting) if (!drawn.has(canvas)) draw(canvas);
  for (const canvas of drawn.keys()) draw(canvas);
}

Chart.register(bandsPlugin);
Chart.defaults.font.family = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const nearView = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      nearView.unobserve(entry.target);
      if (!drawn.has(entry.target)) draw(entry.target);
    }
  },
  { rootMargin: '600px' },
);
for (const canvas of waiting) nearView.observe(canvas);
const themed = (): Palette => (darkScheme.matches ? DARK : LIGHT);
darkScheme.addEventListener('change', () => redraw(themed(), false));
window.addEventListener('beforeprint', () => redraw(LIGHT, true));
window.addEventListener('afterprint', () => redraw(themed(), false));
for (const choice of document.querySelectorAll('input[name="scope"]')) {
  choice.addEventListener('change', (event) => {
    scope = event.target.value as 'windows' | 'whole';
    for (const canvas of drawn.keys()) if (canvas.dataset['chart'] !== 'overlay') draw(canvas);
  });
}

// Failures

const manyArms = data.charts.length > 1;
let chosen: FailureView[] = data.failures;
let shown = 0;

function showUpTo(count: number): void {
  const next = chosen.slice(shown, count);
  byId('failure-rows').insertAdjacentHTML('beforeend', next.map((failure) => failureRow(failure, manyArms).markup).join(''));
  shown += next.length;
  byId('failure-count').textContent = `${shown.toLocaleString('en-US')} of ${chosen.length.toLocaleString('en-US')} shown`;
  byId('more-failures').hidden = shown >= chosen.length;
}

function choose(): void {
  const outcome = byId('filter-outcome').value;
  const arm = byId('filter-arm').value;
  chosen = data.failures.filter((failure) => (outcome === '' || failure.outcome === outcome) && (arm === '' || failure.arm === arm));
  shown = 0;
  byId('failure-rows').replaceChildren();
  showUpTo(ROWS_AT_A_TIME);
}

function follow(): void {
  const n = Number(/^#f-(\d+)$/.exec(window.location.hash)?.[1]);
  const failure = data.failures[n - 1];
  if (failure === undefined) return;
  if (!chosen.includes(failure)) {
    byId('filter-outcome').value = '';
    byId('filter-arm').value = '';
    choose();
  }
  const position = chosen.indexOf(failure);
  if (position >= shown) showUpTo(position + ROWS_AT_A_TIME / 2);
  for (const row of document.querySelectorAll('tr.target')) row.classList.toggle('target', false);
  const row = byId(`f-${n}`);
  row.classList.toggle('target', true);
  row.scrollIntoView({ block: 'center' });
  row.focus({ preventScroll: true });
}

if (data.failures.length > 0) {
  byId('failure-tools').hidden = false;
  shown = [...document.querySelectorAll('#failure-rows tr')].length;
  showUpTo(shown);
  byId('filter-outcome').addEventListener('change', choose);
  byId('filter-arm').addEventListener('change', choose);
  byId('more-failures').addEventListener('click', () => showUpTo(shown + 5 * ROWS_AT_A_TIME));
  const nearEnd = new IntersectionObserver(
    (entries) => {
      if (shown < chosen.length && entries.some((entry) => entry.isIntersecting)) showUpTo(shown + ROWS_AT_A_TIME);
    },
    { root: byId('failure-box'), rootMargin: '800px' },
  );
  nearEnd.observe(byId('more-failures'));
  window.addEventListener('hashchange', follow);
  follow();
}
