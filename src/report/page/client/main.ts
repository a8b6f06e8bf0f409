/**
 * The script of the page: unpacks the numbers, draws the charts, fills the list of failures, follows permalinks.
 *
 * Rule: it adds nothing that the file does not already hold; without it the page still tells the verdict and its
 * reasons. `npm run build` bundles it with what it imports; script.ts embeds it.
 */
import { DARK, LIGHT, type Palette } from '../../charts/palette.ts';
import type { Scope } from '../../charts/clock.ts';
import { failuresOfColumns, type PageData } from '../data.ts';
import { openDrawing } from './drawing.ts';
import { chosenOf } from './filters.ts';
import { openList } from './list.ts';

async function unpacked(base64: string): Promise<PageData> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text()) as PageData;
}

const elementOf = (id: string): HTMLElement | null => document.getElementById(id);
const filterOf = (name: string): HTMLInputElement | HTMLSelectElement | null =>
  document.querySelector<HTMLInputElement | HTMLSelectElement>(`#filter-${name}`);
const { arms, failures: columns } = await unpacked(elementOf('data')?.textContent ?? '');
const failures = failuresOfColumns(columns);

const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');
const themed = (): Palette => (darkScheme.matches ? DARK : LIGHT);
const drawing = openDrawing(
  { arms, failures },
  [...document.querySelectorAll<HTMLCanvasElement>('canvas[data-chart]')],
  themed(),
  'whole',
);
darkScheme.addEventListener('change', () => {
  drawing.paint(themed());
});
for (const choice of document.querySelectorAll<HTMLInputElement>('input[name="scope"]')) {
  choice.addEventListener('change', () => {
    drawing.show(choice.value as Scope);
  });
}

const box = elementOf('failure-box');
const rows = elementOf('failure-rows');
const list = box === null || rows === null ? undefined : openList(box, rows, arms.length > 1);
let chosen = failures;

function choose(): void {
  const valueOf = (name: string): string => filterOf(name)?.value ?? '';
  chosen = chosenOf(failures, {
    outcome: valueOf('outcome'),
    arm: valueOf('arm'),
    restart: valueOf('restart'),
    source: valueOf('source'),
    text: valueOf('text'),
  });
  list?.show(chosen);
  const count = elementOf('failure-count');
  if (count !== null) {
    count.textContent =
      chosen.length === failures.length
        ? `all ${failures.length.toLocaleString('en-US')} shown`
        : `${chosen.length.toLocaleString('en-US')} of ${failures.length.toLocaleString('en-US')} shown`;
  }
}

function chooseAll(): void {
  for (const name of ['outcome', 'arm', 'restart', 'source', 'text']) {
    const filter = filterOf(name);
    if (filter !== null) filter.value = '';
  }
  choose();
}

/** Opens the failure that the address names, also when it was filtered away. */
function follow(): void {
  const failure = failures[Number(/^#f-(\d+)$/.exec(window.location.hash)?.[1]) - 1];
  if (failure === undefined) return;
  if (!chosen.includes(failure)) chooseAll();
  const row = list?.reach(failure);
  for (const other of document.querySelectorAll('.row.target')) other.classList.toggle('target', false);
  row?.classList.toggle('target', true);
  row?.focus({ preventScroll: true });
}

if (list !== undefined) {
  for (const name of ['outcome', 'arm', 'restart', 'source', 'text']) {
    filterOf(name)?.addEventListener('input', choose);
  }
  const tools = elementOf('failure-tools');
  tools?.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  elementOf('filter-none')?.addEventListener('click', (event) => {
    event.preventDefault();
    chooseAll();
  });
  if (tools !== null) tools.hidden = false;
  choose();
  window.addEventListener('hashchange', follow);
  follow();
}

window.addEventListener('beforeprint', () => {
  drawing.drawAll();
  drawing.paint(LIGHT);
  const printed = list?.fillForPrint() ?? 0;
  const note = elementOf('failures-unprinted');
  if (note === null) return;
  note.hidden = printed >= chosen.length;
  note.textContent =
    `The first ${printed.toLocaleString('en-US')} of ${chosen.length.toLocaleString('en-US')} are printed; the ` +
    'file itself holds all of them.';
});
window.addEventListener('afterprint', () => {
  drawing.paint(themed());
  list?.printed();
});
