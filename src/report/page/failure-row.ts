/**
 * One failure as a row of the table: when, where, what happened in words, and a bar of its life.
 *
 * Rule: the same code writes the first rows into the file and the others in the page, as the reader comes to them.
 */
import type { FailureView } from '../view.ts';
import { html, type Markup } from './markup.ts';

const BAR_WIDTH = 180;

/** The row of one failure. */
export function failureRow(failure: FailureView, manyArms: boolean): Markup {
  const id = `f-${failure.n}`;
  const place =
    failure.restart === null || failure.sinceSignalMs === null
      ? html`quiet time`
      : html`restart ${failure.restart}, ${signed(failure.sinceSignalMs)} ms`;
  return html`<tr id="${id}" tabindex="-1">
<td class="num"><a href="#${id}" aria-label="Link to failure ${failure.n}">${failure.n}</a></td>
<td class="nowrap">${place}<small>${(failure.dueAtMs / 1000).toFixed(3)} s of the run</small></td>
<td class="nowrap">${manyArms ? html`${failure.arm}<br>` : null}${failure.source}${failure.sentinel ? html`<small>sentinel</small>` : null}</td>
<td><span class="outcome o-${failure.outcome}">${failure.outcome}</span></td>
<td class="story">${failure.story}<small>${failure.facts}</small></td>
<td>${waterfallBar(failure)}</td>
</tr>`;
}

const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)}`;

/** The stages of a request's life as stretches of one bar, from due to end. */
function waterfallBar(failure: FailureView): Markup {
  const { connectMs, connectedMs, writtenMs, firstByteMs, endMs } = failure.waterfall;
  const ends: [string, string, number | undefined][] = [
    ['waiting', 'waited to be sent', connectMs ?? writtenMs],
    ['connecting', 'connected', connectedMs],
    ['writing', 'written', writtenMs],
    ['head', 'waited for the answer', firstByteMs],
    ['body', 'answer arriving', undefined],
  ];
  const reached = [connectMs, connectedMs, writtenMs, firstByteMs];
  const lastStage = firstByteMs !== undefined ? 4 : writtenMs !== undefined ? 3 : connectedMs !== undefined ? 2 : connectMs !== undefined ? 1 : 0;
  let fromMs = 0;
  const pieces: Markup[] = [];
  for (const [index, [name, words, toMs]] of ends.entries()) {
    if (index > lastStage) break;
    const stageEndMs = index === lastStage ? endMs : (toMs ?? reached[index] ?? fromMs);
    const x = scaled(fromMs, endMs);
    const width = Math.max(index === lastStage ? 1.5 : 0, scaled(stageEndMs, endMs) - x);
    if (width > 0) {
      pieces.push(html`<rect class="w-${name}" x="${Math.min(x, BAR_WIDTH - width).toFixed(1)}" y="1" width="${width.toFixed(1)}" height="10" rx="1.5"><title>${words}: ${(stageEndMs - fromMs).toFixed(2)} ms</title></rect>`);
    }
    fromMs = Math.max(fromMs, stageEndMs);
  }
  const total = endMs < 1000 ? `${endMs.toFixed(1)} ms` : `${(endMs / 1000).toFixed(2)} s`;
  return html`<svg class="waterfall" viewBox="0 0 ${BAR_WIDTH} 12" role="img" aria-label="ended after ${total}">${pieces}</svg><small>ended after ${total}</small>`;
}

const scaled = (ms: number, endMs: number): number => (endMs <= 0 ? 0 : (Math.min(Math.max(0, ms), endMs) / endMs) * BAR_WIDTH);
