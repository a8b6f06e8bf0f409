/**
 * The gallery as a page: what each scenario teaches, what came out, and the failures with their cures. HTML and
 * Markdown.
 *
 * Rule: made from result.json and from what the scenarios say of themselves; nothing is added by hand.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { html, type Markup } from '../../src/report/page/markup.ts';
import { STYLE } from '../../src/report/page/style.ts';
import { verdictChip } from '../../src/report/page/verdict.ts';
import { plain } from '../../src/report/text/markdown.ts';
import type { Entry } from './entries.ts';
import { cellsOf, HEAD, type Shown } from './row.ts';

interface Pair {
  entry: Entry;
  shown: Shown;
}

/** Writes index.html and index.md into a folder. Returns the path of the page. */
export function writePages(folder: string, entries: readonly Entry[], all: readonly Shown[]): string {
  mkdirSync(folder, { recursive: true });
  const pairs = entries.flatMap((entry): Pair[] =>
    all.filter(({ name }) => name === entry.name).map((shown) => ({ entry, shown })),
  );
  const page = join(folder, 'index.html');
  writeFileSync(page, galleryHtml(pairs, folder));
  writeFileSync(join(folder, 'index.md'), galleryMarkdown(pairs));
  return page;
}

/** What is said in one line above the table. */
function summaryOf(pairs: readonly Pair[]): string {
  const of = (state: Shown['state']): number => pairs.filter(({ shown }) => shown.state === state).length;
  const cured = pairs.filter(({ entry }) => entry.curedBy.length > 0).length;
  return (
    `${pairs.length} scenarios: ${of('expected')} as expected, ${of('surprise')} surprises, ${of('skipped')} ` +
    `left out. ${cured} failures have their cure beside them.`
  );
}

/** The scenarios by the folder they lie in; first those that lie in none. */
function foldersOf(pairs: readonly Pair[]): [folder: string, inside: Pair[]][] {
  const folderOf = ({ entry: { name } }: Pair): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));
  const folders = [...new Set(pairs.map(folderOf))].sort();
  return folders.map((folder) => [
    folder === '' ? 'to begin with' : folder,
    pairs.filter((pair) => folderOf(pair) === folder),
  ]);
}

const anchorOf = (name: string): string => name.replaceAll(/[/ ]/g, '-');

/** Names that cure this one, and names that it cures. */
function twinsOf({ entry }: Pair, pairs: readonly Pair[]): { curedBy: string[]; cures: string[] } {
  return {
    curedBy: entry.curedBy,
    cures: pairs.filter(({ entry: other }) => other.curedBy.includes(entry.name)).map(({ entry: { name } }) => name),
  };
}

export function galleryMarkdown(pairs: readonly Pair[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const sections = foldersOf(pairs).flatMap(([folder, inside]) => [
    `## ${plain(folder)}`,
    '',
    row([...HEAD, 'found', 'teaches', 'cured by']),
    row([...HEAD, '', '', ''].map(() => '---')),
    ...inside.flatMap(({ entry, shown }) => {
      const told = [plain(entry.teaches), entry.curedBy.map(plain).join(', ')];
      if (shown.arms.length === 0) {
        return [row([plain(entry.name), plain(shown.reasons.join(' ')), ...HEAD.slice(1).map(() => ''), ...told])];
      }
      const found = shown.arms.map(({ findings }) => [...new Set(findings.map(({ code }) => code))].join(', '));
      return cellsOf(shown).map((cells, index) =>
        row([...cells.map(plain), plain(found[index] ?? ''), ...(index === 0 ? told : ['', ''])]),
      );
    }),
    '',
  ]);
  return ['# Gallery', '', summaryOf(pairs), '', ...sections].join('\n');
}

export function galleryHtml(pairs: readonly Pair[], folder: string): string {
  const folders = foldersOf(pairs);
  const sections = folders.map(
    ([name, inside]) => html`<h2 id="${anchorOf(`of ${name}`)}">${name}</h2>
<div class="scroll"><table><thead><tr>${[...HEAD.slice(0, 1), 'teaches', ...HEAD.slice(1)].map(
      (head, column) => html`<th${column > 3 ? { markup: ' class="n"' } : null}>${head}</th>`,
    )}</tr></thead>
<tbody>${inside.flatMap((pair) => rowsOf(pair, pairs, folder))}</tbody></table></div>`,
  );
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Gallery</title><style>${{ markup: STYLE + GALLERY_STYLE }}</style></head>
<body><header class="top"><h1>Gallery</h1></header><main><p class="lead">${summaryOf(pairs)}</p>
<p class="lead">Each scenario is a way to restart a server. 

Drops are requests and sentinels of restarts without a good answer;
the gap is the longest time without an answer to a new connection,
the stall the longest run of slow answers,
the drain the median time from the signal until the old instance was gone.</p>
<p class="lead">${folders.map(
    ([name, inside]) => html`<a href="#${anchorOf(`of ${name}`)}">${name}</a>&nbsp;(${inside.length}) `,
  )}</p>
${sections}</main></body></html>
`.markup;
}

const GALLERY_STYLE =
  '\n' +
  'td.n,th.n{text-align:right;white-space:nowrap}' +
  'td:nth-child(2){min-width:26ch;max-width:60ch}tr:target{background:var(--page)}';

function rowsOf(pair: Pair, pairs: readonly Pair[], folder: string): Markup[] {
  const { entry, shown } = pair;
  const { curedBy, cures } = twinsOf(pair, pairs);
  const link = (name: string): Markup => html`<a href="#${anchorOf(name)}">${name}</a> `;
  const twins = [
    ...(curedBy.length > 0 ? [html`<small>Cured by ${curedBy.map(link)}</small>`] : []),
    ...(cures.length > 0 ? [html`<small>Cures ${cures.map(link)}</small>`] : []),
  ];
  const title =
    shown.folder === undefined
      ? html`${entry.name}`
      : html`<a href="${relative(folder, join(shown.folder, 'report.html'))}">${entry.name}</a>`;
  if (shown.arms.length === 0) {
    return [
      html`<tr id="${anchorOf(
        entry.name,
      )}"><td>${title}${twins}</td><td>${entry.teaches}</td><td colspan="${HEAD.length - 1}">${shown.reasons.join(
        ' ',
      )}</td></tr>`,
    ];
  }
  return cellsOf(shown).map(([, , expected = '', ...numbers], index) => {
    const row = shown.arms[index] as Shown['arms'][number];
    const told = [
      ...(index === 0 ? [html`${entry.teaches}`] : []),
      ...row.findings.slice(0, 1).map(({ code, hint }) => html`<small><code>${code}</code> ${hint}</small>`),
      ...(index === 0 ? shown.reasons.map((reason) => html`<small>${reason}</small>`) : []),
    ];
    return html`<tr${
      index === 0 ? { markup: ` id="${anchorOf(entry.name)}"` } : null
    }><td>${index === 0 ? title : null}${index === 0 ? twins : null}${
      shown.arms.length > 1 ? html`<small>${row.arm}</small>` : null
    }</td><td>${told}</td><td>${verdictChip(row.verdict)}</td><td>${expected}</td>${numbers.map(
      (number) => html`<td class="n">${number}</td>`,
    )}</tr>`;
  });
}
