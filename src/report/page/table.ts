/**
 * Tables of the page.
 *
 * Rule: a table has a caption and a header for each row and column, and scrolls on its own where it is too wide, by
 * keyboard, too.
 */
import { OUTCOMES, type Counts, type Outcome } from '../../model/outcome.ts';
import { countText } from '../view/words.ts';
import { html, type Markup } from './markup.ts';

/** What stands in a cell; `bad` is shown as such, by more than its colour. */
export interface Cell {
  content: string | Markup;
  tone: 'bad' | 'good' | 'zero' | 'plain';
}

const cellOf = (cell: string | Markup | Cell): Cell =>
  typeof cell === 'object' && 'tone' in cell ? cell : { content: cell, tone: 'plain' };

/** A table with a header row; the first cell of each row is its header. Columns after `textColumns` are numbers. */
export function table(caption: string, head: string[], rows: (string | Markup | Cell)[][], textColumns = 1): Markup {
  const align = (column: number): string => (column < textColumns ? '' : 'num');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table><caption>${caption}</caption>
<thead><tr>${head.map((name, column) => html`<th scope="col" class="${align(column)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, column) => {
        const { content, tone } = cellOf(cell);
        return column === 0
          ? html`<th scope="row">${content}</th>`
          : html`<td class="${align(column)} ${tone}">${content}</td>`;
      })}</tr>`,
  )}</tbody></table></div>`;
}

/** A count that is bad unless it is zero. */
export function badCount(count: number): Cell {
  return { content: countText(count), tone: count === 0 ? 'zero' : 'bad' };
}

/** Yes, or a bad no. */
export function yesOrNo(yes: boolean): Cell {
  return { content: yes ? 'yes' : 'no', tone: yes ? 'plain' : 'bad' };
}

/** Counts by outcome, one row for each name; outcomes that never occurred are left out. */
export function countsTable(caption: string, rows: { name: string; counts: Counts }[]): Markup {
  const outcomes: Outcome[] = OUTCOMES.filter(
    (outcome) => outcome === 'answered' || rows.some(({ counts }) => counts[outcome] > 0),
  );
  return table(
    caption,
    ['Name', 'due', ...outcomes],
    rows.map(({ name, counts }) => [
      name,
      countText(counts.due),
      ...outcomes.map((outcome) => (outcome === 'answered' ? countText(counts.answered) : badCount(counts[outcome]))),
    ]),
  );
}
