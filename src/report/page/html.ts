/**
 * The report as one HTML file that needs nothing else: no request goes out, and it works from disk.
 *
 * Rule: a strict content policy. Only the style and the two scripts written here may run, known by their hashes;
 * everything that came from a target or a scenario is text.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { armsSection } from './arms.ts';
import { comparisonSection } from './comparison.ts';
import { chartArmOf, columnsOfFailures, type PageData } from './data.ts';
import { failuresSection } from './failures.ts';
import { healthSection, scenarioSection, sentinelsSection } from './facts.ts';
import { html, type Markup } from './markup.ts';
import { overlaySection, timeSections } from './plots.ts';
import { chartScript, clientScript } from './script.ts';
import { STYLE } from './style.ts';
import { findingsSection, verdictSection } from './verdict.ts';
import type { View } from '../view/view.ts';
import { countText, VERDICT_WORDS } from '../view/words.ts';

/** The whole page. */
export function reportHtml(view: View): string {
  const library = chartScript();
  const client = clientScript();
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf([STYLE], [library, client])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="zerodrop ${view.zerodrop}">
<link rel="icon" href="data:,">
<title>${VERDICT_WORDS[view.verdict]}: ${view.scenario}</title>
<style>${verbatim(STYLE)}</style></head>
<body><a class="skip" href="#verdict">To the verdict</a>
<header class="top"><div><h1>${view.scenario}</h1>${
    view.description === '' ? null : html`<p>${view.description}</p>`
  }</div><p class="when">${view.startedAt}, ${view.duration}</p></header>
<main id="verdict">
${verdictSection(view)}
${findingsSection(view)}
${contents(view)}
${armsSection(view)}
${comparisonSection(view)}
${overlaySection(view)}
${timeSections(view)}
${failuresSection(view)}
${sentinelsSection(view)}
${healthSection(view)}
${scenarioSection(view)}
</main>
<footer>Made by zerodrop ${view.zerodrop}. Charts by Chart.js.</footer>
<script type="text/plain" id="data">${packed({
    arms: view.arms.map(chartArmOf),
    failures: columnsOfFailures(view.failures),
  })}</script>
<script>${verbatim(library)}</script>
<script type="module">${verbatim(client)}</script>
</body></html>
`.markup;
}

/** Our own style or script. Throws when it could end its own element. */
function verbatim(text: string): Markup {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error('a style or script of the page would end its own element');
  return { markup: text };
}

/** Where to go from the top. */
function contents(view: View): Markup {
  const places: [string, string][] = [
    ['arms', view.arms.length > 1 ? 'Arms' : 'Numbers'],
    ...(view.arms.length > 1 ? [['comparison', 'Comparison'] as [string, string]] : []),
    ['restarts', 'Restarts'],
    ['time', 'Run over time'],
    ['latency', 'Latency'],
    ['failures', view.failures.length === 0 ? 'Failures' : `Failures (${countText(view.failures.length)})`],
    ['sentinels', 'Sentinels'],
    ['hygiene', 'Hygiene'],
    ['health', 'Trust'],
    ['scenario', 'Run it again'],
  ];
  return html`<nav aria-label="Sections"><ul>${places.map(
    ([id, text]) => html`<li><a href="#${id}">${text}</a></li>`,
  )}</ul></nav>`;
}

/**
 * The numbers of the page, to four decimals and compressed: letters and digits only, which no parser of HTML can read
 * as anything else.
 */
function packed(data: PageData): string {
  const short = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
  return deflateRawSync(JSON.stringify(data, short), { level: 9 }).toString('base64');
}

/** The content policy that lets only these styles and scripts run. */
function policyOf(styles: readonly string[], scripts: readonly string[]): string {
  const hashes = (texts: readonly string[]): string =>
    texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return (
    `default-src 'none'; style-src ${hashes(styles)}; script-src ${hashes(scripts)}; img-src data:; base-uri ` +
    "'none'; form-action 'none'"
  );
}
