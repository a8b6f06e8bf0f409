/**
 * A comparison in sentences.
 *
 * Rule: what is not shown is said to be not shown, with what would tell; p-values are those after Holm's correction.
 */
import type { ComparedMeasure, ComparedPair, ComparedSide, Measure } from '../../model/comparison.ts';
import { bareText, listText, msText, percentText, quantity } from '../conclude/wording.ts';

/** How a measure is called in tables and sentences. */
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  dirty: 'dirty restarts',
  gap: 'longest gap',
  stall: 'stall time',
  p99: 'p99 in restarts',
  drain: 'drain time',
};

/** One measure of a pair. */
export function measureSentence(
  compared: Omit<ComparedMeasure, 'sentence'>,
  reference: ComparedSide,
  other: ComparedSide,
): string {
  const { measure, outcome, adjustedPValue, moreRestarts } = compared;
  const word = MEASURE_WORDS[measure];
  const seen =
    `${sideText(other, measure)} against ` +
    `${sideText(reference, measure)}${measure === 'dirty' ? '' : ' at the median'}`;
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

/**
 * A pair in one sentence: first whether it drops requests in more restarts, then what else is worse or better;
 * otherwise what would tell.
 */
export function pairSentence(
  reference: ComparedSide,
  other: ComparedSide,
  outcome: ComparedPair['outcome'],
  measures: readonly ComparedMeasure[],
): string {
  switch (outcome) {
    case 'worse':
    case 'better':
      return differencesText(reference, other, outcome, measures);
    case 'not-shown':
      return measures.some(isCalled)
        ? `No difference between ${other.name} and ${reference.name} that a client meets was shown in ` +
            `${countsText(reference, other)}; ${unmetText(reference, other, measures.filter(isCalled))}.`
        : `No difference between ${other.name} and ${reference.name} was shown in ` +
            `${countsText(reference, other)}${moreText(fewestMore(measures))}.`;
    case 'unclear': {
      const doubted = [reference, other].find(({ doubt }) => doubt !== undefined);
      if (doubted?.doubt !== undefined) {
        return (
          `${other.name} cannot be distinguished from ${reference.name}: ` +
          `in ${doubted.name} ${bareText(doubted.doubt)}.`
        );
      }
      return (
        `Too few restarts to compare ${other.name} with ${reference.name}: in ${countsText(reference, other)} even ` +
        'the clearest difference could not be ' +
        `shown${fewestMore(measures) === null ? '' : moreText(fewestMore(measures))}.`
      );
    }
  }
}

/**
 * What is worse and what is better. Dropped requests lead: that a drain takes longer must not hide that it loses
 * nothing.
 */
function differencesText(
  reference: ComparedSide,
  other: ComparedSide,
  outcome: 'worse' | 'better',
  measures: readonly ComparedMeasure[],
): string {
  const dirty = measures.find((compared) => compared.measure === 'dirty' && isCalled(compared));
  const lead = dirty === undefined ? outcome : (dirty.outcome as typeof outcome);
  const opposite = lead === 'worse' ? 'better' : 'worse';
  const first = dirty ?? measures.find((compared) => compared.outcome === lead);
  const numbersText = (compared: ComparedMeasure): string =>
    `(${sideText(other, compared.measure)} against ` +
    sideText(reference, compared.measure) +
    `${compared === first && compared.adjustedPValue !== null ? `, p ${pText(compared.adjustedPValue)}` : ''})`;
  const listed = (wanted: typeof outcome): string =>
    listText(
      measures
        .filter((compared) => compared !== dirty && compared.outcome === wanted)
        .map((compared) => `${MEASURE_WORDS[compared.measure]} ${numbersText(compared)}`),
    );
  const [alike, unlike] = [listed(lead), listed(opposite)];
  const opening =
    dirty === undefined
      ? `${other.name} is ${lead} than ${reference.name} in ${alike}`
      : `${other.name} drops requests in ${lead === 'worse' ? 'more' : 'fewer'} restarts than ${reference.name} ` +
        `${numbersText(dirty)}${alike === '' ? '' : `, and is ${lead} in ${alike}`}`;
  return `${opening}${unlike === '' ? '' : `, but ${opposite} in ${unlike}`}.`;
}

/** What differs though no client meets it. */
function unmetText(reference: ComparedSide, other: ComparedSide, called: readonly ComparedMeasure[]): string {
  return listText(
    called.map(
      ({ measure, outcome, adjustedPValue }) =>
        `the ${MEASURE_WORDS[measure]} is ${outcome === 'worse' ? 'longer' : 'shorter'} ` +
        `(${sideText(other, measure)} against ` +
        `${sideText(reference, measure)}${adjustedPValue === null ? '' : `, p ${pText(adjustedPValue)}`})`,
    ),
  );
}

function isCalled({ outcome }: ComparedMeasure): boolean {
  return outcome === 'worse' || outcome === 'better';
}

/** The pairs as they are told: the worse ones first, otherwise in their order. */
export function gravestPairsFirst(pairs: readonly ComparedPair[]): ComparedPair[] {
  const order: readonly ComparedPair['outcome'][] = ['worse', 'better', 'unclear', 'not-shown'];
  return pairs.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
}

/** The answer: one pair speaks for itself, several one after another. */
export function comparisonSentence(pairs: readonly ComparedPair[]): string {
  return gravestPairsFirst(pairs)
    .map(({ sentence }) => sentence)
    .join(' ');
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
function sizeText({
  measure,
  difference,
  low,
  high,
  least,
  worseShare,
  betterShare,
}: Omit<ComparedMeasure, 'sentence'>): string {
  if (measure === 'dirty' || difference === null || worseShare === null || betterShare === null) return '';
  if (Math.abs(difference) < least) {
    return (
      `; of all pairs of restarts ${percentText(worseShare)} are worse by ${msText(least)} or more, ` +
      `${percentText(betterShare)} better`
    );
  }
  const bounds =
    low === null || high === null || low * high < 0
      ? []
      : [low, high]
          .map(Math.abs)
          .sort((one, other) => one - other)
          .map(msText);
  return (
    `, ${difference > 0 ? 'longer' : 'shorter'} by ` +
    `${msText(Math.abs(difference))}${bounds.length === 0 ? '' : ` (${bounds.join(' to ')})`}`
  );
}

function moreText(moreRestarts: number | null): string {
  return moreRestarts === null
    ? ', and the data suggest none'
    : `; about ${quantity(moreRestarts, 'more restart')} per arm would settle it, ` +
        'if the difference is as large as it looks';
}

function fewestMore(measures: readonly ComparedMeasure[]): number | null {
  const all = measures.flatMap(({ moreRestarts }) => moreRestarts ?? []);
  return all.length === 0 ? null : Math.min(...all);
}

function countsText(reference: ComparedSide, other: ComparedSide): string {
  const [from, to] = [reference.measures.dirty.count, other.measures.dirty.count];
  return from === to ? `${quantity(from, 'restart')} of each` : `${to} and ${quantity(from, 'restart')}`;
}

function opened(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
