/**
 * The matrix: lists of values, of which every combination is an arm, as in the matrix of a CI job.
 *
 * Rule: a value takes the place of its reference (`${matrix.NAME}`) wherever that stands in the scenario; a text that
 * is nothing but a reference becomes the value itself, so that a number stays a number.
 */
import { isSecretName } from '../model/secrets/names.ts';
import { isMap, type Source } from './layers.ts';
import { MOST_ARMS } from './limits.ts';
import { didYouMean, expectedText, type Path, type Problem } from './wording.ts';

/** What the references of one arm stand for, by their names. */
export type MatrixValues = Readonly<Record<string, string | number | boolean>>;

const REFERENCE = /\$\{matrix\.([^}]*)\}/g;

/**
 * Every combination of the values of a matrix by the name of its arm, in the order in which they were written; or the
 * problems.
 */
export function combinationsOf(matrix: unknown): { combinations: Map<string, MatrixValues>; problems: Problem[] } {
  const none = new Map<string, MatrixValues>();
  if (!isMap(matrix) || Object.keys(matrix).length === 0) {
    return {
      combinations: none,
      problems: [{ path: ['matrix'], text: expectedText('a map of lists, such as {express: [4, 5]}', matrix) }],
    };
  }
  const problems = Object.entries(matrix).flatMap(([name, values]) => problemsOfList(name, values));
  if (problems.length > 0) return { combinations: none, problems };
  const lists = Object.entries(matrix) as [string, MatrixValues[string][]][];
  // Counted before it is made: ten lists of ten are more than fit into memory.
  const count = lists.reduce((product, [, values]) => product * values.length, 1);
  if (count > MOST_ARMS) {
    return {
      combinations: none,
      problems: [{ path: ['matrix'], text: `expected at most ${MOST_ARMS} combinations, got ${count}` }],
    };
  }
  const all = lists.reduce<MatrixValues[]>(
    (before, [name, values]) => before.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  const names = all.map((values) => armNameOf(values, matrix));
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice === undefined) {
    return { combinations: new Map(all.map((values, position) => [names[position] as string, values])), problems: [] };
  }
  return {
    combinations: none,
    problems: [
      {
        path: ['matrix'],
        text:
          `expected values that give each arm a name of its own, got ${twice} more than once; letters, digits, ` +
          'dots, - and _ are what names keep',
      },
    ],
  };
}

/** The source with every reference replaced, and a problem for each that is not defined. */
export function filledFrom(source: Source, values: MatrixValues): { filled: Source; problems: Problem[] } {
  const problems: Problem[] = [];
  const valueOf = (name: string, path: Path): MatrixValues[string] => {
    if (Object.hasOwn(values, name)) return values[name] as MatrixValues[string];
    problems.push({
      path,
      text:
        `"\${matrix.${name}}" is not defined; expected one of ` +
        `${Object.keys(values).join(', ')}${didYouMean(name, Object.keys(values))}`,
    });
    return '';
  };
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') {
      const [only] = value.matchAll(REFERENCE);
      if (only?.[0] === value) return valueOf(only[1] as string, path);
      return value.replace(REFERENCE, (_, name: string) => String(valueOf(name, path)));
    }
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]));
    return isMap(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, [...path, key])]))
      : value;
  };
  return { filled: fill(source, []) as Source, problems };
}

function problemsOfList(name: string, values: unknown): Problem[] {
  const path = ['matrix', name];
  if (!/^[\w-]+$/.test(name)) return [{ path, text: expectedText('a name of letters, digits, - and _', name) }];
  if (!Array.isArray(values) || values.length === 0) return [{ path, text: expectedText('a list of values', values) }];
  return values.flatMap((value: unknown, index) =>
    ['string', 'number', 'boolean'].includes(typeof value)
      ? []
      : [{ path: [...path, index], text: expectedText('a text, a number, true or false', value) }],
  );
}

/**
 * Such as `alpine-express-5`: a value that is no word, such as a version, is told with the name of its list; a secret
 * with its number in place of its value.
 */
function armNameOf(values: MatrixValues, matrix: Source): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (isSecretName(name)) return `${name}-${(matrix[name] as unknown[]).indexOf(value) + 1}`;
      return (typeof value === 'string' && /[a-z]/i.test(value) ? value : `${name}-${value}`).replace(/[^\w.-]+/g, '-');
    })
    .join('-');
}
