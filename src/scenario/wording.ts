/**
 * How a problem is put into words: where it is, what was got, which name was probably meant.
 *
 * Rule: short enough for one line, whatever stands in the file.
 */
import { nearestOf } from '../model/nearest.ts';

/** Where something stands in a scenario. */
export type Path = readonly (string | number)[];

/** Something wrong in a scenario: where, and in words what was expected and got. */
export interface Problem {
  path: Path;
  text: string;
  /** The place that was probably meant, for a name that does not exist. */
  meant?: Path;
}

const LONGEST_TEXT = 40;

/** A path as people write it, such as `restart.strategy[2].ready`. */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text.replace(/^\./, '') || 'the scenario';
}

/** A value and its type, shortly. */
export function gotText(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') {
    const shown = value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}...` : value;
    return `${JSON.stringify(shown)} (text)`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return `${value} (a number)`;
  if (typeof value === 'boolean') return `${value} (true or false)`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  return `a ${typeof value}`;
}

/** "expected ..., got ..."; `note` follows it, such as a question what was meant. */
export function expectedText(expected: string, value: unknown, note = ''): string {
  return `expected ${expected}${expected.includes(',') ? ';' : ','} got ${gotText(value)}${note}`;
}

/** The question that follows a problem, or nothing when no name is near. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const near = nearestOf(name, names);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
