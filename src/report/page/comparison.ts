/**
 * The arms against each other: in a sentence, in one picture, and measure by measure.
 *
 * Rule: a difference is told with its interval, and where none was shown, what that is worth.
 */
import type { ComparedOutcome, ComparedPair } from '../../model/comparison.ts';
import { isSamePair, middlesTable } from '../view/comparison-view.ts';
import type { ComparisonView, MeasureView, View } from '../view/view.ts';
import { html, type Markup } from './markup.ts';
import { profileFigure } from './plots.ts';
import { table, type Cell } from './table.ts';

const WORDS: Readonly<Record<ComparedOutcome | ComparedPair['outcome'], string>> = {
  worse: 'worse',
  better: 'better',
  'not-shown': 'no difference shown',
  'not-measured': 'not measured',
  unclear: 'undecided',
};

const TONES: Readonly<Record<ComparedOutcome | ComparedPair['outcome'], Cell['tone']>> = {
  worse: 'bad',
  better: 'good',
  'not-shown': 'plain',
  'not-measured': 'zero',
  unclear: 'plain',
};

/** The section of several arms, or of one against its baseline; otherwise empty. */
export function comparisonSection(view: View): Markup | null {
  const { comparison } = view;
  if (view.arms.length < 2 && comparison === null) return null;
  return html`<section aria-labelledby="comparison"><h2 id="comparison">Arms against each other</h2>
${
  comparison === null
    ? null
    : html`${comparison.pairs.map(({ sentence }) => html`<p class="answer">${sentence}</p>`)}${comparison.warnings.map(
        (warning) => html`<p class="warning"><strong>Doubtful:</strong> ${warning}</p>`,
      )}`
}
${view.arms.length < 2 ? null : profileFigure(view)}
${comparison === null ? null : measures(comparison)}</section>`;
}

function measures(comparison: ComparisonView): Markup {
  const { measures: rows, pairs } = comparison;
  const middles = middlesTable(comparison, { measures: 'Measure', sides: 'Arm' });
  return html`<div class="tables">${table('Median over restarts, with its 95 % interval', middles.head, middles.rows)}
${pairs.map(
  (pair) => html`<div class="pair">
<h3>${pair.other} against ${pair.reference} <span class="chip c-${pair.outcome}">${outcomeText(pair, rows)}</span></h3>
<details><summary>Measure by measure</summary>${table(
    `${pair.other} less ${pair.reference}, with the 95 % interval; p after Holm's correction`,
    ['Measure', 'What that says', 'Result', 'Difference', 'p'],
    rows.flatMap((row) => {
      const said = row.pairs.find((compared) => isSamePair(compared, pair));
      return said === undefined
        ? []
        : [
            [
              row.label,
              said.sentence,
              { content: WORDS[said.outcome], tone: TONES[said.outcome] },
              said.difference,
              said.p,
            ],
          ];
    }),
    2,
  )}</details></div>`,
)}</div>`;
}

type Pair = ComparisonView['pairs'][number];

/**
 * What is worse in one measure and better in another is not called worse alone; what differs only where no client meets
 * it is no mere likeness.
 */
function outcomeText(pair: Pair, rows: readonly MeasureView[]): string {
  const is = (outcome: ComparedOutcome): boolean =>
    rows.some((row) => row.pairs.some((compared) => compared.outcome === outcome && isSamePair(compared, pair)));
  if (pair.outcome === 'worse' && is('better')) return 'worse in part';
  return pair.outcome === 'not-shown' && (is('worse') || is('better'))
    ? 'no difference that a client meets'
    : WORDS[pair.outcome];
}
