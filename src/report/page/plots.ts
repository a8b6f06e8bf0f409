/**
 * The figures of the page: a canvas for each chart, with its legend and its table.
 *
 * Rule: a canvas has a text for those who cannot see it, and a table with its numbers.
 */
import { lanesOf } from '../charts/lanes.ts';
import { outcomesOf } from '../charts/marks.ts';
import type { ArmView, FailureView, View } from '../view/view.ts';
import { countText, msText, problemsText } from '../view/words.ts';
import { latencyTable } from './arms.ts';
import { instancesTable, profileTable, restartsTable, stallsTable, windowsTable } from './behind.ts';
import { armLegend, lineLegend, outcomeLegend, phaseLegend, stallLegend, stateLegend } from './legend.ts';
import { html, type Markup } from './markup.ts';
import { verdictChip } from './verdict.ts';

interface Figure {
  chart: 'overlay' | 'timeline' | 'latency' | 'profile';
  arm: number;
  size: string;
  title: Markup;
  label: string;
  legend: Markup[];
  tables: Markup[];
}

function figure({ chart, arm, size, title, label, legend, tables }: Figure): Markup {
  return html`<figure class="card"><figcaption><h3>${title}</h3></figcaption>
<div class="plot ${size}"><canvas data-chart="${chart}" data-arm="${arm}"
role="img" aria-label="${label}"></canvas></div>
<ul class="legend">${legend}</ul>
<details><summary>As a table</summary><div class="tables">${tables}</div></details></figure>`;
}

/** The arms upon each other, with the signal at t = 0. */
export function profileFigure({ arms, failures }: View): Markup {
  const touched = failures.filter(({ sinceSignalMs }) => sinceSignalMs !== null);
  return figure({
    chart: 'profile',
    arm: 0,
    size: arms.length > 3 ? 'tallest' : 'tall',
    title: html`What clients met around the signal`,
    label:
      'Share of requests answered and the worst answer, by ms after the signal, for ' +
      `${arms.map(({ name }) => name).join(', ')}. The table below holds the numbers.`,
    legend: [...armLegend(arms), ...outcomeLegend(outcomesOf(touched))],
    tables: [profileTable(arms)],
  });
}

/** The section in which all restarts are overlaid. */
export function overlaySection(view: View): Markup {
  return html`<section aria-labelledby="restarts"><h2 id="restarts">All restarts overlaid</h2>
<p class="lead">The signal stands at zero. One lane a restart; its colours are the phases, its marks
the requests that were not answered, at the moment when they were due.</p>
<div class="plots">${view.arms.map((arm, index) => {
    const failures = failuresOf(view, arm);
    return figure({
      chart: 'overlay',
      arm: index,
      size: lanesSize(arm.restarts.length),
      title: html`${arm.name} ${verdictChip(arm.verdict)}`,
      label: `${arm.name}: ${arm.restarts.length} restarts, ${arm.dirtyRestarts} of them dirty. ${problemsText(
        arm.counts,
      )}`,
      legend: [
        ...outcomeLegend(outcomesOf(failures.filter(({ sinceSignalMs }) => sinceSignalMs !== null))),
        ...phaseLegend(arm),
      ],
      tables: [restartsTable(arm)],
    });
  })}</div>
${view.arms.length === 1 ? profileFigure(view) : null}</section>`;
}

function lanesSize(restarts: number): string {
  if (restarts > 60) return 'lanes-most';
  if (restarts > 14) return 'lanes-many';
  return restarts > 6 ? 'lanes-some' : 'lanes-few';
}

/** The sections over time: instances, offered against answered, and latency. */
export function timeSections(view: View): Markup {
  return html`<section aria-labelledby="time"><h2 id="time">The run over time</h2>
<p class="lead">From cause to effect: the life of each instance, when every request that was not answered was due,
and what was offered against what was answered.</p>
<fieldset class="scope"><legend>Show</legend>
<label><input type="radio" name="scope" value="whole" checked autocomplete="off"> the whole run</label>
<label><input type="radio" name="scope" value="windows" autocomplete="off"> the restarts only</label></fieldset>
${view.arms.map((arm, index) => {
  const outcomes = outcomesOf(failuresOf(view, arm));
  const lanes = Math.max(0, ...lanesOf(arm.instances));
  return figure({
    chart: 'timeline',
    arm: index,
    size: outcomes.length + lanes > 6 ? 'tallest' : outcomes.length + lanes > 2 ? 'tall' : '',
    title: html`${arm.name}: instances, offered and answered`,
    label: `${arm.name}: ${countText(arm.counts.due)} requests offered, ${countText(
      arm.counts.answered,
    )} answered, by ${arm.instances.length} instances`,
    legend: [
      ...stateLegend(arm),
      lineLegend('offered', 'offered', '3 2'),
      lineLegend('answered', 'answered', ''),
      ...outcomeLegend(outcomes),
      ...phaseLegend(arm),
    ],
    tables: [windowsTable(arm), instancesTable(arm)],
  });
})}</section>
<section aria-labelledby="latency"><h2 id="latency">Latency over time</h2>
<p class="lead">Counted from the moment a request was due, so that a stalled server cannot hide its stall.
Each point is the worst, or the median, of its slice of time.</p>
${view.arms.map((arm, index) =>
  figure({
    chart: 'latency',
    arm: index,
    size: '',
    title: html`${arm.name}: latency and stalls`,
    label: `${arm.name}: p99 ${
      arm.latency[0]?.p99 ?? 'unknown'
    } in quiet time, ${arm.latency[1]?.p99 ?? 'unknown'} in restart windows, ${arm.stalls.length} stalls`,
    legend: [
      lineLegend('median', 'median', ''),
      lineLegend('worst', 'worst', ''),
      ...(arm.spikeLimitMs === 0 ? [] : [lineLegend('limit', `spike limit, ${msText(arm.spikeLimitMs)}`, '2 2')]),
      ...(arm.stalls.length === 0 ? [] : [stallLegend()]),
    ],
    tables: [latencyTable(arm, `${arm.name}: latency of answers`), stallsTable(arm)],
  }),
)}</section>`;
}

function failuresOf(view: View, arm: ArmView): FailureView[] {
  return view.failures.filter((failure) => failure.arm === arm.name);
}
