/**
 * The arms side by side, and their numbers as tables: outcomes, restarts, latency, sentinels.
 *
 * Rule: every chart has a table that tells the same to those who cannot see it.
 */
import { OUTCOMES, type Counts, type Outcome } from '../../model/outcome.ts';
import type { ArmView, View } from '../view.ts';
import { countText, msText } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { verdictChip } from './verdict.ts';

type Cell = string | Markup;

/** A table with a header row; the first cell of each row is its header. Columns after `textColumns` are numbers. */
export function table(caption: string, head: string[], rows: Cell[][], textColumns = 1): Markup {
  const align = (column: number): string => (column < textColumns ? '' : 'num');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${head.map((name, column) => html`<th scope="col" class="${align(column)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, column) => {
      const content = typeof cell === 'string' ? html`${cell}` : cell;
      if (column === 0) return html`<th scope="row">${content}</th>`;
      return content.markup.startsWith('<td') ? content : html`<td class="${align(column)}">${content}</td>`;
    })}</tr>`,
  )}</tbody></table></div>`;
}

/** A count that is bad unless it is zero. */
function badCount(count: number): Markup {
  return html`<td class="num ${count === 0 ? 'zero' : 'bad'}">${countText(count)}</td>`;
}

/** All arms in one table. */
export function armsSection(view: View): Markup {
  const classes = (['lost', 'raced', 'rejected', 'failed'] as const).filter((kind) => kind === 'lost' || kind === 'raced' || view.arms.some(({ counts }) => counts[kind] > 0));
  const head = ['Arm', 'Strategy', 'Verdict', 'Due', ...classes.map((kind) => kind.charAt(0).toUpperCase() + kind.slice(1)), 'Longest gap', 'p99 quiet', 'p99 restart', 'Dirty restarts', 'At most (95 %)'];
  const rows = view.arms.map((arm) => [
    arm.name,
    html`<span class="${arm.strategy.length < 25 ? 'nowrap' : ''}">${arm.strategy}</span>`,
    verdictChip(arm.verdict),
    countText(arm.counts.due),
    ...classes.map((kind) => badCount(arm.counts[kind])),
    msText(arm.longestGapMs),
    arm.latency[0]?.p99 ?? '',
    arm.latency[1]?.p99 ?? '',
    `${arm.dirtyRestarts} of ${arm.restarts.length}`,
    arm.confidence,
  ]);
  return html`<section aria-labelledby="arms"><h2 id="arms">${view.arms.length > 1 ? 'Arms side by side' : 'In numbers'}</h2>
<p class="lead">Counts are requests over all restarts and the quiet time between them. Sentinels are counted apart, below. A restart is dirty when anything that touched it was not answered; the last column bounds the share of restarts that are, with 95 % confidence.</p>
${table(view.arms.length > 1 ? 'The arms of this run' : 'The run in numbers', head, rows, 3)}
<details><summary>Outcomes, thresholds and latency in full</summary>
${view.arms.map((arm) => html`${countsTable(`${arm.name}: requests by outcome`, [...arm.streams.map(named), { name: 'all', counts: arm.counts }])}<br>
${table(`${arm.name}: thresholds`, ['Threshold', 'Limit', 'Measured', 'Kept'], arm.thresholds.map((threshold) => [threshold.name, threshold.limit, threshold.measured ?? 'not measured', html`<td class="num ${threshold.ok ? '' : 'bad'}">${threshold.ok ? 'yes' : 'no'}</td>`]))}<br>
${latencyTable(arm)}<br>`)}
</details></section>`;
}

const named = ({ name, counts }: { name: string; counts: Counts }): { name: string; counts: Counts } => ({ name, counts });

/** Counts by outcome, one row for each name; outcomes that never occurred are left out. */
export function countsTable(caption: string, rows: { name: string; counts: Counts }[]): Markup {
  const outcomes: Outcome[] = OUTCOMES.filter((outcome) => outcome === 'answered' || rows.some(({ counts }) => counts[outcome] > 0));
  return table(
    caption,
    ['', 'due', ...outcomes],
    rows.map(({ name, counts }) => [
      name,
      countText(counts.due),
      ...outcomes.map((outcome) => (outcome === 'answered' ? countText(counts.answered) : badCount(counts[outcome]))),
    ]),
  );
}

/** Latency of answers in quiet time and in restart windows. */
export function latencyTable(arm: ArmView): Markup {
  return table(
    `${arm.name}: latency of answers, from the moment they were due`,
    ['', 'answers', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    arm.latency.map((row) => [row.where, countText(row.count), row.p50, row.p90, row.p99, row.p999, row.max]),
  );
}

/** Every restart with its numbers and the time that each step took. */
export function restartsTable(arm: ArmView): Markup {
  const optional = (ms: number | null): string => (ms === null ? 'never' : msText(ms));
  return table(
    `${arm.name}: every restart`,
    ['Restart', 'Steps', 'Signal at', 'Due', 'Lost', 'Raced', 'Gap', 'Worst answer', 'Ready after', 'Old one gone after', 'Exit', 'Proven'],
    arm.restarts.map((restart) => [
      `#${restart.number}`,
      html`${restart.steps.map((step) => html`<span class="nowrap">${step.text}</span> <span class="muted">${step.took}</span>${step.problem === null ? null : html` <strong>${step.problem}</strong>`}<br>`)}`,
      `${(restart.signalledAtMs / 1000).toFixed(3)} s`,
      countText(restart.counts.due),
      badCount(restart.counts.lost),
      badCount(restart.counts.raced),
      msText(restart.gapMs),
      msText(restart.worstMs),
      optional(restart.readyMs),
      optional(restart.drainMs),
      restart.exit,
      restart.proven ? 'yes' : html`<td class="num bad">no</td>`,
    ]),
    2,
  );
}
