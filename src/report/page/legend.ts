/**
 * The legends of the charts.
 *
 * Rule: a legend shows the same shape and colour as the chart.
 */
import type { Outcome } from '../../model/outcome.ts';
import { ARM_COLORS, ARM_DASHES } from '../charts/palette.ts';
import { phasesOf } from '../charts/phases.ts';
import type { ArmView, InstanceState } from '../view/view.ts';
import { PHASE_WORDS } from '../view/words.ts';
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

/** The marks of these outcomes. */
export function outcomeLegend(outcomes: readonly Outcome[]): Markup[] {
  return outcomes.map(
    (outcome) =>
      html`<li><span class="o-${outcome}"><svg viewBox="0 0 14 12" fill="none" stroke="currentColor"
aria-hidden="true">${SHAPE_MARKUP[outcome]}</svg></span>${outcome}</li>`,
  );
}

/** The bands of the phases that an arm went through. */
export function phaseLegend(arm: ArmView): Markup[] {
  const seen = new Set(arm.restarts.flatMap((restart) => phasesOf(restart).map(({ moment }) => moment)));
  return [...seen].map((moment) => html`<li><span class="swatch p-${moment}"></span>${PHASE_WORDS[moment]}</li>`);
}

/** The bars of the states that instances of an arm were in. */
export function stateLegend(arm: ArmView): Markup[] {
  const seen = new Set<InstanceState>(arm.instances.flatMap(({ stretches }) => stretches.map(({ state }) => state)));
  return (['starting', 'serving', 'draining'] as const)
    .filter((state) => seen.has(state))
    .map((state) => html`<li><span class="swatch i-${state}"></span>instance ${state}</li>`);
}

/** A line of a chart. */
export function lineLegend(name: string, label: string, dash: string): Markup {
  return html`<li><svg viewBox="0 0 14 12" aria-hidden="true"><path class="l-${name}" d="M0 6h14"
stroke-width="2" stroke-dasharray="${dash}"/></svg>${label}</li>`;
}

/** The lines of the arms. */
export function armLegend(arms: readonly ArmView[]): Markup[] {
  return arms.map(({ name }, index) =>
    lineLegend(
      ARM_COLORS[index % ARM_COLORS.length] ?? 'arm-1',
      name,
      (ARM_DASHES[Math.floor(index / ARM_COLORS.length) % ARM_DASHES.length] ?? []).join(' '),
    ),
  );
}

/** The mark of a stall. */
export function stallLegend(): Markup {
  return html`<li><svg viewBox="0 0 14 12" aria-hidden="true">
<path class="l-stall" d="M7 1.5 12 10.5H2z"/></svg>stall</li>`;
}
