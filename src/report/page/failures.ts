/**
 * Every request that was not answered, and every sentinel that did not end well, each with its story.
 *
 * Rule: all of them, not a sample. The file itself holds the first rows; the page's script brings the others as the
 * reader comes to them.
 */
import { OUTCOME_MEANINGS } from '../../model/outcome.ts';
import { outcomesOf } from '../charts/marks.ts';
import type { FailureView, View } from '../view/view.ts';
import { countText, quantity } from '../view/words.ts';
import { failureRow } from './failure-row.ts';
import { html, type Markup } from './markup.ts';

/** Rows that are there without a script. */
export const STATIC_ROWS = 50;

const WATERFALL_LEGEND = [
  ['waiting', 'waiting to be sent'],
  ['connecting', 'connecting'],
  ['writing', 'writing'],
  ['head', 'awaiting the answer'],
  ['body', 'answer arriving'],
] as const;

const COLUMNS = ['No.', 'When', 'Who', 'Outcome', 'What happened', 'From due to its end'] as const;

/** The table of failures with its filters. */
export function failuresSection(view: View): Markup {
  const { failures, arms } = view;
  if (failures.length === 0) {
    return html`<section aria-labelledby="failures"><h2 id="failures">Failures</h2>
<p class="lead">None: every request was answered, and every sentinel ended well.</p></section>`;
  }
  return html`<section aria-labelledby="failures"><h2 id="failures">${quantity(
    failures.length,
    'failure',
  )}, each with its story</h2>
<dl class="meanings">${outcomesOf(failures).map(
    (outcome) => html`<div><dt class="outcome o-${outcome}">${outcome}</dt><dd>${OUTCOME_MEANINGS[outcome]}</dd></div>`,
  )}</dl>
<form class="tools" id="failure-tools" aria-label="Filter the failures" hidden>
${select(
  'outcome',
  'Outcome',
  tallyOf(failures, ({ outcome }) => outcome),
)}
${
  arms.length > 1
    ? select(
        'arm',
        'Arm',
        tallyOf(failures, ({ arm }) => arm),
      )
    : null
}
${select(
  'restart',
  'Restart',
  tallyOf(failures, ({ restart }) => (restart === null ? 'quiet time' : `#${restart}`)),
)}
${select(
  'source',
  'Stream or sentinel',
  tallyOf(failures, ({ source, sentinel }) => (sentinel ? `${source} (sentinel)` : source)),
)}
<label>Text <input id="filter-text" type="search" placeholder="errno, port, words"
autocomplete="off" spellcheck="false"></label>
<button id="filter-none" type="reset">Show all</button>
<output id="failure-count"></output>
</form>
<ul class="legend">${WATERFALL_LEGEND.map(
    ([name, words]) =>
      html`<li><svg viewBox="0 0 14 12" aria-hidden="true">
<rect class="w-${name}" y="1" width="14" height="10" rx="2"/></svg>${words}</li>`,
  )}</ul>
<div class="failures" id="failure-box" tabindex="0" role="table" aria-label="Failures" aria-rowcount="${
    failures.length + 1
  }">
<div role="rowgroup" class="heads"><div role="row" class="row" aria-rowindex="1">${COLUMNS.map(
    (name) => html`<div role="columnheader">${name}</div>`,
  )}</div></div>
<div id="failure-rows" role="presentation"><div role="rowgroup" class="chunk">${failures
    .slice(0, STATIC_ROWS)
    .map((failure) => failureRow(failure, arms.length > 1))}</div></div></div>
<p class="muted" id="failures-unprinted" hidden></p>
${
  failures.length > STATIC_ROWS
    ? html`<noscript><p class="muted">The first ${STATIC_ROWS} are shown;
a browser with scripts shows all of them.</p></noscript>`
    : null
}
</section>`;
}

/** The values that occur, each with how often, in the order of their first failure. */
function tallyOf(failures: readonly FailureView[], valueOf: (failure: FailureView) => string): Map<string, number> {
  const tally = new Map<string, number>();
  for (const failure of failures) {
    const value = valueOf(failure);
    tally.set(value, (tally.get(value) ?? 0) + 1);
  }
  return tally;
}

function select(name: string, label: string, tally: Map<string, number>): Markup {
  return html`<label>${label} <select id="filter-${name}" autocomplete="off"><option value="">all</option>${[
    ...tally,
  ].map(([value, count]) => html`<option value="${value}">${value} (${countText(count)})</option>`)}</select></label>`;
}
