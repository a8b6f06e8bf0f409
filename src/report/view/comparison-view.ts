/**
 * A comparison as reports show it.
 *
 * Rule: numbers and sentences come from the comparison; here they only become text.
 */
import { gravestPairsFirst, MEASURE_WORDS, pText } from '../../judge/compare/sentences.ts';
import {
  MEASURES,
  type ComparedMeasure,
  type ComparedSide,
  type Comparison,
  type Measure,
  type SideValues,
} from '../../model/comparison.ts';
import type { ComparisonView, MeasureView } from './view.ts';
import { msText } from './words.ts';

export function comparisonView({ sentence, warnings, sides, pairs: compared }: Comparison): ComparisonView {
  const pairs = gravestPairsFirst(compared);
  return {
    sentence,
    warnings,
    sides: sides.map(({ name, strategy, run }) => ({ name, strategy, run })),
    pairs: pairs.map(({ reference, other, outcome, sentence: said }) => ({
      reference,
      other,
      outcome,
      sentence: said,
    })),
    measures: MEASURES.map((measure, position): MeasureView => ({
      measure,
      label: MEASURE_WORDS[measure],
      unit: measure === 'dirty' ? 'share' : 'ms',
      sides: sides.map((side) => sideView(side, measure)),
      pairs: pairs.map(({ reference, other, measures }) => ({
        reference,
        other,
        ...differenceView(measures[position] as ComparedMeasure),
      })),
    })),
  };
}

/** Whether both are of the same pair. */
export function isSamePair(one: PairNames, other: PairNames): boolean {
  return one.reference === other.reference && one.other === other.other;
}

type PairNames = Pick<ComparisonView['pairs'][number], 'reference' | 'other'>;

/** More sides than this stand in rows: so many columns are cut off on paper, and wrapped in a terminal. */
const MOST_COLUMNS = 4;

/** The middle of each side in each measure as a table, its first column being names; `corner` stands above that. */
export function middlesTable(
  { measures, sides }: Pick<ComparisonView, 'measures' | 'sides'>,
  corner: { measures: string; sides: string },
): { head: string[]; rows: string[][] } {
  if (sides.length <= MOST_COLUMNS) {
    return {
      head: [corner.measures, ...sides.map(({ name }) => name)],
      rows: measures.map(({ label, sides: values }) => [label, ...values.map(({ text }) => text)]),
    };
  }
  return {
    head: [corner.sides, ...measures.map(({ label }) => label)],
    rows: sides.map(({ name }, position) => [name, ...measures.map((measure) => measure.sides[position]?.text ?? '')]),
  };
}

function sideView({ name, measures }: ComparedSide, measure: Measure): MeasureView['sides'][number] {
  const { values, middle, low, high } = measures[measure];
  return { name, values, middle, low, high, text: middleText(measures[measure], measure) };
}

function middleText({ values, count, middle, low, high }: SideValues, measure: Measure): string {
  if (middle === null) return 'not measured';
  const interval = low === null || high === null ? '' : ` (${valueText(low, measure)} to ${valueText(high, measure)})`;
  const dirty = values.filter((value) => value === 1).length;
  return measure === 'dirty' ? `${dirty} of ${count}${interval}` : `${valueText(middle, measure)}${interval}`;
}

function differenceView({
  measure,
  outcome,
  difference,
  low,
  high,
  adjustedPValue,
  sentence,
}: ComparedMeasure): Omit<MeasureView['pairs'][number], 'reference' | 'other'> {
  const interval =
    low === null || high === null ? '' : ` (${signedText(low, measure)} to ${signedText(high, measure)})`;
  return {
    outcome,
    difference: difference === null ? 'not measured' : `${signedText(difference, measure)}${interval}`,
    p: adjustedPValue === null ? '' : pText(adjustedPValue).replace('= ', ''),
    sentence,
  };
}

function signedText(value: number, measure: Measure): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${valueText(Math.abs(value), measure)}`;
}

function valueText(value: number, measure: Measure): string {
  return measure === 'dirty' ? `${Math.round(value * 100)} %` : msText(value);
}
