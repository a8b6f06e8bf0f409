/**
 * The report as one HTML file that needs nothing else: no request goes out, and it works from disk.
 *
 * Rule: a strict content policy. Only the style and the two scripts written here may run, known by their hashes; everything
 * that came from a target or a scenario is text.
 */
import { createHash } from 'node:crypto';
import { chartsOf } from './charts.ts';
import { armsSection } from './page/arms.ts';
import { failuresSection } from './page/failures.ts';
import { healthSection, scenarioSection, sentinelsSection } from './page/facts.ts';
import { html, type Markup } from './page/markup.ts';
import { overlaySection, timeSections } from './page/plots.ts';
import { chartScript, clientScript } from './page/script.ts';
import { STYLE } from './page/style.ts';
import { findingsSection, verdictSection } from './page/verdict.ts';
import type { View } from './view.ts';
import { VERDICT_WORDS } from './words.ts';

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
<body><a class="skip" href="#failures">To the failures</a>
<header class="top"><h1>${view.scenario}</h1><p>${view.startedAt}, ${view.duration}</p></header>
<main>
${verdictSection(view)}
${findingsSection(view)}
${armsSection(view)}
${overlaySection(view)}
${timeSections(view)}
${failuresSection(view)}
${sentinelsSection(view)}
${healthSection(view)}
${scenarioSection(view)}
</main>
<footer>Made by zerodrop ${view.zerodrop}. Charts by Chart.js.</footer>
<script type="application/json" id="data">${embeddedJson({ charts: chartsOf(view), failures: view.failures })}</script>
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

/** JSON that no parser of HTML or JavaScript reads as anything but JSON. */
export function embeddedJson(value: unknown): Markup {
  return { markup: JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) };
}

/** The content policy that lets only these styles and scripts run. */
function policyOf(styles: readonly string[], scripts: readonly string[]): string {
  const hashes = (texts: readonly string[]): string => texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return `default-src 'none'; style-src ${hashes(styles)}; script-src ${hashes(scripts)}; img-src data:; base-uri 'none'; form-action 'none'`;
}
