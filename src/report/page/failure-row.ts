/**
 * One failure as a row: when, where, what happened in words, and a bar of its life.
 *
 * Rule: the same code writes the first rows into the file and the others in the page, as the reader comes to them. The
 * bar has its numbers beside it, so that nothing is told by a picture alone.
 */
import type { FailureView } from '../view/view.ts';
import { html, type Markup } from './markup.ts';

const BAR_WIDTH = 200;
const NARROWEST = 2;

/** The row of one failure. */
export function failureRow(failure: FailureView, manyArms: boolean): Markup {
  const id = `f-${failure.n}`;
  const place =
    failure.restart === null || failure.sinceSignalMs === null
      ? html`quiet time`
      : html`restart ${failure.restart}, ${signed(failure.sinceSignalMs)} ms`;
  return html`<div role="row" class="row" id="${id}" tabindex="-1" aria-rowindex="${failure.n + 1}">
<div role="cell" class="n"><a href="#${id}" aria-label="Link to failure ${failure.n}">${failure.n}</a></div>
<div role="cell">${place}<small>${(failure.dueAtMs / 1000).toFixed(3)} s of the run</small></div>
<div role="cell" class="who">${manyArms ? html`${failure.arm}<br>` : null}${failure.source}${
    failure.sentinel ? html`<small>sentinel</small>` : null
  }</div>
<div role="cell" class="outcome o-${failure.outcome}">${failure.outcome}</div>
<div role="cell" class="story">${failure.story}<small>${failure.facts}</small></div>
<div role="cell" class="life">${waterfall(failure)}</div>
</div>`;
}

const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)}`;

interface Stage {
  name: 'waiting' | 'connecting' | 'writing' | 'head' | 'body';
  words: string;
  fromMs: number;
  toMs: number;
}

/** The stages that a request went through, from due to its end. */
export function stagesOf({ connectMs, connectedMs, writtenMs, firstByteMs, endMs }: FailureView['waterfall']): Stage[] {
  const ends: [Stage['name'], string, number | undefined][] = [
    ['waiting', 'waiting', connectMs ?? writtenMs],
    ['connecting', 'connecting', connectedMs],
    ['writing', 'writing', writtenMs],
    ['head', 'awaiting the answer', firstByteMs],
    ['body', 'answer arriving', undefined],
  ];
  const last =
    firstByteMs !== undefined
      ? 4
      : writtenMs !== undefined
        ? 3
        : connectedMs !== undefined
          ? 2
          : connectMs !== undefined
            ? 1
            : 0;
  const stages: Stage[] = [];
  let fromMs = 0;
  for (const [index, [name, words, reachedMs]] of ends.slice(0, last + 1).entries()) {
    const toMs = Math.min(endMs, Math.max(fromMs, index === last ? endMs : (reachedMs ?? fromMs)));
    if (toMs > fromMs || index === last) stages.push({ name, words, fromMs, toMs });
    fromMs = toMs;
  }
  return stages;
}

/** The stages as stretches of one bar, and in numbers. */
function waterfall(failure: FailureView): Markup {
  const { endMs } = failure.waterfall;
  const stages = stagesOf(failure.waterfall);
  const scaled = (ms: number): number => (endMs <= 0 ? 0 : (ms / endMs) * BAR_WIDTH);
  const pieces = stages.map(({ name, fromMs, toMs }) => {
    const width = Math.max(NARROWEST, scaled(toMs) - scaled(fromMs));
    return html`<rect class="w-${name}" x="${Math.min(scaled(fromMs), BAR_WIDTH - width).toFixed(
      1,
    )}" y="1" width="${width.toFixed(1)}" height="10" rx="1.5"/>`;
  });
  const words = stages
    .filter(({ fromMs, toMs }) => toMs - fromMs >= 0.05)
    .map(({ words: stage, fromMs, toMs }) => `${stage} ${took(toMs - fromMs)}`);
  return html`<svg class="waterfall" viewBox="0 0 ${BAR_WIDTH} 12" preserveAspectRatio="none"
aria-hidden="true">${pieces}</svg><small><b>${took(endMs)}</b>${
    words.length === 0 ? null : `: ${words.join(', ')}`
  }</small>`;
}

const took = (ms: number): string => (ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`);
