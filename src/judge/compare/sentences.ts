/**
 * A comparison in sentences.
 *
 * Rule: what is not shown is said to be not shown, with what would tell; p-values are those after Holm's correction.
 */
import type { ComparedMeasure, ComparedPair, ComparedSide, Measure } from '../../model/comparison.ts';
import { listText, msText, quantity } from '../wording.ts';

/** How a measure is called in tables and sentences. */
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  dirty: 'dirty restarts',
  gap: 'longest gap',
  stall: 'time in stalls',
  p99: 'p99 in restarts',
  drain: 'drain time',
};

/** One measure of a pair. */
export function measureSentence(compared: Omit<ComparedMeasure, 'sentence'>, reference: ComparedSide, other: ComparedSide): string {
  const { measure, outcome, adjustedPValue, moreRestarts } = compared;
  const word = MEASURE_WORDS[measure];
  const seen = `${sideText(other, measure)} against ${sideText(reference, measure)}${measure === 'dirty' ? '' : ' at the median'}`;
  const p = adjustedPValue === null ? '' : `p ${pText(adjustedPValue)}`;
  switch (outcome) {
    case 'worse':
    case 'better':
      return opened(`${word}: ${outcome}, ${seen}${sizeText(compared)} (${p}).`);
    case 'not-shown':
      return opened(`${word}: no difference shown, ${seen} (${p})${moreText(moreRestarts)}.`);
    case 'not-measured': {
      const without = [reference, other].filter((side) => side.measures[measure].count === 0).map(({ name }) => name);
      return opened(`${word}: not measured for ${listText(without)}.`);
    }
  }
}

/** A pair in one sentence: what is worse, what is better; otherwise what would tell. */
export function pairSentence(reference: ComparedSide, other: ComparedSide, outcome: ComparedPair['outcome'], measures: readonly ComparedMeasure[]): string {
  const of = (wanted: ComparedMeasure['outcome']): ComparedMeasure[] => measures.filter((measure) => measure.outcome === wanted);
  const said = (some: readonly ComparedMeasure[]): string => listText(some.map(({ measure }) => `${MEASURE_WORDS[measure]} ${sideText(other, measure)} against ${sideText(reference, measure)}`));
  switch (outcome) {
    case 'worse':
    case 'better': {
      const more = outcome === 'worse' && of('better').length > 0 ? `, but better in ${said(of('better'))}` : '';
      return `${other.name} is ${outcome} than ${reference.name}: ${said(of(outcome))}${more}.`;
    }
    case 'not-shown':
      return `No difference between ${other.name} and ${reference.name} was shown in ${countsText(reference, other)}${moreText(fewestMore(measures))}.`;
    case 'unclear':
      return `Too few restarts to tell ${other.name} from ${reference.name}: in ${countsText(reference, other)} even the clearest difference could not be shown${fewestMore(measures) === null ? '' : moreText(fewestMore(measures))}.`;
  }
}

/** The answer: one pair speaks for itself, several in their order, the worse ones first. */
export function comparisonSentence(pairs: readonly ComparedPair[]): string {
  const order: readonly ComparedPair['outcome'][] = ['worse', 'better', 'unclear', 'not-shown'];
  return pairs.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome)).map(({ sentence }) => sentence).join(' ');
}

/** `5 of 20`, `203 ms`. */
export function sideText({ measures }: ComparedSide, measure: Measure): string {
  const { values, count, middle } = measures[measure];
  if (middle === null) return 'nothing';
  return measure === 'dirty' ? `${values.filter((value) => value === 1).length} of ${count}` : msText(middle);
}

/** `= 0.03`, `< 0.001`. */
export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${Number(p.toPrecision(p < 0.1 ? 1 : 2))}`;
}

/** By how much, where the median tells it; otherwise in how many pairs of restarts. */
function sizeText({ measure, difference, low, high, least, worseShare, betterShare }: Omit<ComparedMeasure, 'sentence'>): string {
  if (measure === 'dirty' || difference === null || worseShare === null || betterShare === null) return '';
  if (Math.abs(difference) < least) {
    return `; of all pairs of restarts ${percentText(worseShare)} are worse by ${msText(least)} or more, ${percentText(betterShare)} better`;
  }
  const bounds = low === null || high === null || low * high < 0 ? [] : [low, high].map(Math.abs).sort((one, other) => one - other).map(msText);
  return `, ${difference > 0 ? 'longer' : 'shorter'} by ${msText(Math.abs(difference))}${bounds.length === 0 ? '' : ` (${bounds.join(' to ')})`}`;
}

function moreText(moreRestarts: number | null): string {
  return moreRestarts === null ? ', and none is in sight' : `; about ${quantity(moreRestarts, 'more restart')} of each would tell, if the difference is as large as it looks`;
}

function fewestMore(measures: readonly ComparedMeasure[]): number | null {
  const all = measures.flatMap(({ moreRestarts }) => moreRestarts ?? []);
  return all.length === 0 ? null : Math.min(...all);
}

function countsText(reference: ComparedSide, other: ComparedSide): string {
  const [from, to] = [reference.measures.dirty.count, other.measures.dirty.count];
  return from === to ? `${quantity(from, 'restart')} of each` : `${to} and ${quantity(from, 'restart')}`;
}

function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function opened(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
