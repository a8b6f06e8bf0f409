/**
 * What stands below the failures: sentinels, hygiene, controls, the harness's own health, the scenario and how to run
 * it again.
 *
 * Rule: what could not be measured says so; it is never shown as zero.
 */
import type { Fact, View } from '../view/view.ts';
import { html, type Markup } from './markup.ts';
import { countsTable } from './table.ts';

function factsCard(title: string, facts: readonly Fact[]): Markup {
  return html`<div class="card"><h3>${title}</h3><dl>${facts.map(
    ({ label, value, ok, note }) =>
      html`<dt>${label}</dt><dd class="${ok === false ? 'bad' : ''}">${value}</dd>${
        note === undefined ? null : html`<dd class="note">${note}</dd>`
      }`,
  )}</dl></div>`;
}

/** How the sentinels of each arm ended. */
export function sentinelsSection(view: View): Markup {
  const armed = view.arms.filter((arm) => arm.sentinels.length > 0);
  return html`<section aria-labelledby="sentinels"><h2 id="sentinels">Sentinels</h2>
<p class="lead">${
    armed.length === 0
      ? 'None were set.'
      : 'Connections that were put in a delicate state before each restart, and what became of them.'
  }</p>
<div class="tables">${armed.map((arm) =>
    countsTable(`${arm.name}: sentinels by outcome`, arm.sentinels),
  )}</div></section>`;
}

/** What each arm left behind, and whether the instrument itself can be trusted. */
export function healthSection(view: View): Markup {
  return html`<section aria-labelledby="hygiene"><h2 id="hygiene">Hygiene</h2>
<p class="lead">What the restarts left behind.</p>
<div class="facts">${view.arms.map((arm) => factsCard(arm.name, arm.hygiene))}</div></section>
<section aria-labelledby="health"><h2 id="health">Can these numbers be trusted?</h2>
<p class="lead">Controls, and the health of zerodrop itself while it measured.</p>
<div class="facts">${factsCard('The whole run', view.harness)}${view.arms.map((arm) =>
    factsCard(arm.name, [...arm.controls, ...arm.harness]),
  )}</div></section>`;
}

/** The scenario as run, and the command that repeats it. */
export function scenarioSection(view: View): Markup {
  return html`<section aria-labelledby="scenario"><h2 id="scenario">Run it again</h2>
<pre tabindex="0" aria-label="The command"><code>${view.command}</code></pre>
<p class="remark">Seed ${view.seed}. Started ${view.startedAt}, took ${view.duration}, on ${view.environment},
with zerodrop ${view.zerodrop}.</p>
<details><summary>The scenario as run, with its defaults; secrets are masked</summary>
<pre tabindex="0" aria-label="The scenario as run"><code>${view.scenarioText}</code></pre></details></section>`;
}
