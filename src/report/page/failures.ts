/**
 * Every request that was not answered, and every sentinel that did not end well, each with its story.
 *
 * Rule: all of them, not a sample. The file itself holds the first rows; the page's script brings the others as the reader comes to them.
 */
import { OUTCOME_MEANINGS } from '../../model/outcome.ts';
import { outcomesOf } from '../charts/marks.ts';
import type { View } from '../view.ts';
import { countText, quantity } from '../words.ts';
import { failureRow } from './failure-row.ts';
import { html, type Markup } from './markup.ts';

/** Rows that are there without a script. */
export const STATIC_ROWS = 50;

const WATERFALL_LEGEND = [
  ['waiting', 'waiting to be sent'],
  ['connecting', 'connecting'],
  ['writing', 'writing'],
  ['head', 'waiting for the answer'],
  ['body', 'answer arriving'],
] as const;

/** The table of failures with its filters. */
export function failuresSection(view: View): Markup {
  const { failures, arms } = view;
  if (failures.length === 0) {
    return html`<section aria-labelledby="failures"><h2 id="failures">Failures</h2><p class="lead">None: every request was answered, and every sentinel ended well.</p></section>`;
  }
  const outcomes = outcomesOf(failures);
  const of = (outcome: string): string => countText(failures.filter((failure) => failure.outcome === outcome).length);
  return html`<section aria-labelledby="failures"><h2 id="failures">${quantity(failures.length, 'failure')}, each with its story</h2>
<p class="lead">${outcomes.map((outcome) => html`<span class="outcome o-${outcome}">${outcome}</span>: ${OUTCOME_MEANINGS[outcome]}. `)}</p>
<div class="tools" id="failure-tools" hidden>
<label>Outcome <select id="filter-outcome" autocomplete="off"><option value="">all (${countText(failures.length)})</option>${outcomes.map((outcome) => html`<option value="${outcome}">${outcome} (${of(outcome)})</option>`)}</select></label>
<label>Arm <select id="filter-arm" autocomplete="off"><option value="">all</option>${arms.map(({ name }) => html`<option value="${name}">${name}</option>`)}</select></label>
<span class="muted" id="failure-count" role="status"></span>
</div>
<ul class="legend">${WATERFALL_LEGEND.map(([name, words]) => html`<li><svg viewBox="0 0 14 12" aria-hidden="true"><rect class="w-${name}" y="1" width="14" height="10" rx="2"/></svg>${words}</li>`)}</ul>
<div class="scroll failures" id="failure-box" tabindex="0" role="region" aria-label="Failures"><table>
<thead><tr><th scope="col" class="num">No.</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">Outcome</th><th scope="col">What happened</th><th scope="col">From due to its end</th></tr></thead>
<tbody id="failure-rows">${failures.slice(0, STATIC_ROWS).map((failure) => failureRow(failure, arms.length > 1))}</tbody></table>
<button id="more-failures" type="button" hidden>Show more</button></div>
${failures.length > STATIC_ROWS ? html`<noscript><p class="muted">The first ${STATIC_ROWS} are shown; a browser with scripts shows all of them.</p></noscript>` : null}
</section>`;
}
