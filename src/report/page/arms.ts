/**
 * The arms side by side, and their numbers as tables: outcomes, thresholds, latency.
 *
 * Rule: nothing is told by colour alone.
 */
import type { Counts } from '../../model/outcome.ts';
import type { ArmView, View } from '../view/view.ts';
import { countText, dirtyText, msText } from '../view/words.ts';
import { html, type Markup } from './markup.ts';
import { badCount, countsTable, table, yesOrNo } from './table.ts';
import { verdictChip } from './verdict.ts';

/** All arms in one table. */
export function armsSection(view: View): Markup {
  const many = view.arms.length > 1;
  const classes = (['lost', 'raced', 'rejected', 'failed'] as const).filter(
    (kind) => kind === 'lost' || kind === 'raced' || view.arms.some(({ counts }) => counts[kind] > 0),
  );
  const head = [
    'Arm',
    'Strategy',
    'Verdict',
    'Due',
    ...classes.map((kind) => kind.charAt(0).toUpperCase() + kind.slice(1)),
    'Longest wait',
    'Stalled',
    'Longest gap',
    'p99 quiet',
    'p99 restart',
    'Dirty restarts',
    'At most (95 %)',
  ];
  const rows = view.arms.map((arm) => [
    arm.name,
    html`<span class="${arm.strategy.length < 25 ? 'nowrap' : ''}">${arm.strategy}</span>`,
    verdictChip(arm.verdict),
    countText(arm.counts.due),
    ...classes.map((kind) => badCount(arm.counts[kind])),
    msText(arm.longestWaitMs),
    msText(arm.stalledMs),
    msText(arm.longestGapMs),
    arm.latency[0]?.p99 ?? '',
    arm.latency[1]?.p99 ?? '',
    dirtyText(arm),
    arm.confidence,
  ]);
  return html`<section aria-labelledby="arms"><h2 id="arms">${many ? 'Arms side by side' : 'In numbers'}</h2>
${table(many ? 'The arms of this run' : 'The run in numbers', head, rows, 3)}
<p class="remark">Requests over all restarts and the quiet time between them; sentinels are counted apart.
A restart is dirty when anything that touched it was not answered;
the last column bounds the share of restarts that are, with 95 % confidence.</p>
<details><summary>Outcomes, thresholds and latency in full</summary>
${view.arms.map(
  (arm) => html`<div class="tables">${countsTable(`${arm.name}: requests by outcome`, [
    ...arm.streams.map(named),
    { name: 'all', counts: arm.counts },
  ])}
${thresholdsTable(arm)}
${latencyTable(arm)}</div>`,
)}
</details></section>`;
}

const named = ({ name, counts }: { name: string; counts: Counts }): { name: string; counts: Counts } => ({
  name,
  counts,
});

function thresholdsTable(arm: ArmView): Markup {
  return table(
    `${arm.name}: thresholds`,
    ['Threshold', 'Limit', 'Measured', 'Kept'],
    arm.thresholds.map(({ name, limit, measured, ok }) => [name, limit, measured ?? 'not measured', yesOrNo(ok)]),
  );
}

/** Latency of answers in quiet time and in restart windows. */
export function latencyTable(
  arm: ArmView,
  caption = `${arm.name}: latency of answers, from the moment they were due`,
): Markup {
  return table(
    caption,
    ['When', 'answers', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    arm.latency.map((row) => [row.where, countText(row.count), row.p50, row.p90, row.p99, row.p999, row.max]),
  );
}
