/**
 * The figures of the page: a canvas for each chart, with its legend and its table.
 *
 * Rule: a legend shows the same shape and colour as the chart; a canvas has a text for those who cannot see it.
 */
import type { ArmView, FailureView, View } from '../view.ts';
import type { Outcome } from '../../model/outcome.ts';
import { countText, msText, PHASE_WORDS, problemsText } from '../words.ts';
import { outcomesOf } from '../charts/marks.ts';
import { phasesOf } from '../charts/overlay.ts';
import { latencyTable, restartsTable, table } from './arms.ts';
import { html, type Markup } from './markup.ts';

const SHAPE_MARKUP: Readonly<Record<Outcome, Markup>> = {
  answered: html`<path d="M0 6h14" stroke-width="2"/>`,
  refused: html`<path d="M7 1.5 12 10.5H2z" fill="currentColor"/>`,
  reset: html`<path d="m3 2 8 8m0-8-8 8" stroke-width="2"/>`,
  closed: html`<path d="M3 2h8v8H3z" fill="currentColor"/>`,
  raced: html`<circle cx="7" cy="6" r="4" fill="currentColor"/>`,
  truncated: html`<path d="m7 1 5 5-5 5-5-5z" fill="currentColor"/>`,
  timeout: html`<path d="M7 1v10M2 6h10M3.5 2.5l7 7m0-7-7 7" stroke-width="1.5"/>`,
  rejected: html`<rect x="2.5" y="2" width="9" height="8" rx="3" fill="currentColor"/>`,
  failed: html`<path d="M7 1v10M2 6h10" stroke-width="2"/>`,
  unsent: html`<path d="M5 6h6" stroke-width="2"/>`,
};

function outcomeLegend(outcomes: readonly Outcome[]): Markup[] {
  return outcomes.map((outcome) => html`<li><span class="o-${outcome}"><svg viewBox="0 0 14 12" fill="none" stroke="currentColor" aria-hidden="true">${SHAPE_MARKUP[outcome]}</svg></span>${outcome}</li>`);
}

function phaseLegend(arm: ArmView): Markup[] {
  const seen = new Set(arm.restarts.flatMap((restart) => phasesOf(restart).map(({ moment }) => moment)));
  return [...seen].map((moment) => html`<li><span class="swatch p-${moment}"></span>${PHASE_WORDS[moment]}</li>`);
}

const lineLegend = (name: string, label: string, dash: string): Markup =>
  html`<li><svg viewBox="0 0 14 12" aria-hidden="true"><path class="l-${name}" d="M0 6h14" stroke-width="2" stroke-dasharray="${dash}"/></svg>${label}</li>`;

interface Figure {
  chart: 'overlay' | 'timeline' | 'latency';
  arm: number;
  size: string;
  title: string;
  label: string;
  legend: Markup[];
  table: Markup;
}

function figure({ chart, arm, size, title, label, legend, table: behind }: Figure): Markup {
  return html`<figure class="card"><figcaption><h3>${title}</h3></figcaption>
<div class="plot ${size}"><canvas data-chart="${chart}" data-arm="${arm}" role="img" aria-label="${label}"></canvas></div>
<ul class="legend">${legend}</ul>
<details><summary>As a table</summary>${behind}</details></figure>`;
}

/** The section in which all restarts are laid over each other. */
export function overlaySection(view: View): Markup {
  return html`<section aria-labelledby="restarts"><h2 id="restarts">All restarts, laid over each other</h2>
<p class="lead">One lane a restart, the signal at zero. Colour of the lane: the phase; marks: requests that were not answered, where they were due.</p>
<div class="plots">${view.arms.map((arm, index) => {
    const failures = failuresOf(view, arm);
    const size = arm.restarts.length > 14 ? 'lanes-many' : arm.restarts.length > 6 ? 'lanes-some' : 'lanes-few';
    return figure({
      chart: 'overlay',
      arm: index,
      size,
      title: arm.name,
      label: `${arm.name}: ${arm.restarts.length} restarts, ${arm.dirtyRestarts} of them dirty. ${problemsText(arm.counts)}`,
      legend: [...outcomeLegend(outcomesOf(failures.filter(({ sinceSignalMs }) => sinceSignalMs !== null))), ...phaseLegend(arm)],
      table: restartsTable(arm),
    });
  })}</div></section>`;
}

/** The sections over time: offered against answered, and latency. */
export function timeSections(view: View): Markup {
  return html`<section aria-labelledby="time"><h2 id="time">Over time</h2>
<p class="lead">What was offered, what was answered, and when every other request was due.</p>
<fieldset class="scope"><legend>Show</legend><label><input type="radio" name="scope" value="windows" checked autocomplete="off"> the restart windows</label><label><input type="radio" name="scope" value="whole" autocomplete="off"> the whole run</label></fieldset>
${view.arms.map((arm, index) =>
    figure({
      chart: 'timeline',
      arm: index,
      size: outcomesOf(failuresOf(view, arm)).length > 2 ? 'tall' : '',
      title: `${arm.name}: offered and answered`,
      label: `${arm.name}: ${countText(arm.counts.due)} requests offered, ${countText(arm.counts.answered)} answered`,
      legend: [lineLegend('offered', 'offered', '3 2'), lineLegend('answered', 'answered', '14 0'), ...outcomeLegend(outcomesOf(failuresOf(view, arm))), ...phaseLegend(arm)],
      table: windowsTable(arm),
    }),
  )}
<h2 id="latency">Latency</h2>
<p class="lead">Counted from the moment a request was due, so that a stalled server cannot hide its stall. Each point is the worst, or the median, of its slice of time.</p>
${view.arms.map((arm, index) =>
    figure({
      chart: 'latency',
      arm: index,
      size: '',
      title: `${arm.name}: latency and stalls`,
      label: `${arm.name}: p99 ${arm.latency[0]?.p99 ?? 'unknown'} in quiet time, ${arm.latency[1]?.p99 ?? 'unknown'} in restart windows, ${arm.stalls.length} stalls`,
      legend: [lineLegend('median', 'median', '14 0'), lineLegend('worst', 'worst', '14 0'), ...(arm.spikeLimitMs === 0 ? [] : [lineLegend('limit', `spike limit, ${msText(arm.spikeLimitMs)}`, '2 2')]), html`<li><svg viewBox="0 0 14 12" aria-hidden="true"><path class="l-stall" d="M7 1.5 12 10.5H2z"/></svg>stall</li>`],
      table: html`${latencyTable(arm)}<br>${stallsTable(arm)}`,
    }),
  )}</section>`;
}

function failuresOf(view: View, arm: ArmView): FailureView[] {
  return view.failures.filter((failure) => failure.arm === arm.name);
}

function windowsTable(arm: ArmView): Markup {
  return table(
    `${arm.name}: requests of each restart window`,
    ['Restart', 'Due', 'Answered', 'Not answered'],
    arm.restarts.map(({ number, counts }) => [`#${number}`, countText(counts.due), countText(counts.answered), problemsText(counts) || 'none']),
  );
}

function stallsTable(arm: ArmView): Markup {
  return table(
    `${arm.name}: stalls, runs of answers slower than the spike limit`,
    ['At', 'Restart', 'Lasted', 'Answers', 'Worst'],
    arm.stalls.map((stall) => [`${(stall.atMs / 1000).toFixed(3)} s`, stall.restart === null ? 'quiet time' : `#${stall.restart}`, msText(stall.lastedMs), countText(stall.answers), msText(stall.worstMs)]),
  );
}
