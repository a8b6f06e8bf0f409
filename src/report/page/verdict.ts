/**
 * The top of the page: the verdict in one word, what was seen in one sentence, and what each arm proves in three.
 *
 * Rule: the answer is visible without scrolling, and is told by icon, colour and word, never by colour alone.
 */
import type { Verdict } from '../../model/expect.ts';
import type { FindingView, View } from '../view/view.ts';
import { remarkOf, slowedText, VERDICT_WORDS } from '../view/words.ts';
import { html, type Markup } from './markup.ts';

const ICON_PATHS: Readonly<Record<Verdict, Markup>> = {
  pass: html`<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/>`,
  fail: html`<path d="M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z"/><path d="m9 9 6 6m0-6-6 6"/>`,
  inconclusive: html`<path d="M12 2.6 22 20.4H2z"/><path d="M10 10.6a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4m0 2.7v.1"/>`,
};

function icon(verdict: Verdict): Markup {
  return html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
stroke-linejoin="round" aria-hidden="true">${ICON_PATHS[verdict]}</svg>`;
}

/** A verdict as a small mark in a table or a card. */
export function verdictChip(verdict: Verdict): Markup {
  return html`<span class="chip v-${verdict}">${icon(verdict)}${VERDICT_WORDS[verdict]}</span>`;
}

const SENTENCES = ['What was seen', 'What it proves', 'What could have gone unnoticed'] as const;

/** The verdict, its headline, and the three sentences of each arm. */
export function verdictSection(view: View): Markup {
  const remark = remarkOf(view);
  const slowed = slowedText(view);
  return html`<section aria-label="Verdict">
<div class="verdict v-${view.verdict}">${icon(view.verdict)}
<p class="word">${VERDICT_WORDS[view.verdict]}${slowed === null ? null : html`, ${slowed}`}${
    remark === null ? null : html`<span>${remark}</span>`
  }${view.interrupted ? html`<span>ended early by the user</span>` : null}</p>
<p class="headline">${view.headline}</p>
</div>
<div class="arms ${view.arms.length === 1 ? 'one' : ''}">${view.arms.map(
    (arm) => html`<article class="card">
${
  view.arms.length === 1
    ? null
    : html`<header><div><h2 class="name">${arm.name}</h2><small>${arm.strategy}${
        arm.verdict === arm.expect || !arm.expectsMore ? null : html`; expected ${arm.expect}`
      }</small></div>${verdictChip(arm.verdict)}</header>`
}
<dl>${arm.sentences.map(
      (sentence, index) => html`<div><dt>${SENTENCES[index] ?? ''}</dt><dd>${sentence}</dd></div>`,
    )}</dl>
${(arm.expectsMore ? arm.surprises : []).map((surprise) => html`<p class="surprise">Not as expected: ${surprise}</p>`)}
</article>`,
  )}</div>
</section>`;
}

const FIRST_FINDINGS = 8;

/** Why the verdict is what it is, and what to do about it. */
export function findingsSection(view: View): Markup {
  const reasons = view.findings.filter(({ severity }) => severity !== 'note').length;
  const rest = view.findings.slice(FIRST_FINDINGS);
  return html`<section aria-labelledby="reasons" class="reasons"><h2 id="reasons">Reasons</h2>
${reasons === 0 ? html`<p class="lead">${view.findings.length === 0 ? 'No finding.' : 'Only notes.'}</p>` : null}
${
  view.findings.length === 0
    ? null
    : html`<div class="card"><ul class="findings">${view.findings.slice(0, FIRST_FINDINGS).map(findingItem)}</ul>
${
  rest.length === 0
    ? null
    : html`<details><summary>${rest.length} more</summary><ul class="findings">${rest.map(findingItem)}</ul></details>`
}</div>`
}
</section>`;
}

function findingItem(finding: FindingView): Markup {
  const word =
    finding.severity === 'note' ? html`Note` : html`${icon(finding.severity)}${VERDICT_WORDS[finding.severity]}`;
  return html`<li class="s-${finding.severity}"><div><span class="chip">${word}</span></div>
<div><p class="message">${finding.message}</p>${
    finding.hint === '' ? null : html`<p class="hint"><b>What to do:</b> ${finding.hint}</p>`
  }<p class="where">${finding.arm}${
    finding.restart === null ? null : html`, restart ${finding.restart}`
  }, <code>${finding.code}</code></p></div></li>`;
}
