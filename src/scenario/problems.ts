/**
 * A value checked by a schema: what it means, or every problem in words.
 *
 * Rule: each problem says what was expected and what was got; of a union, the branch that the author evidently meant.
 */
import { SIGNALS } from '../model/signal.ts';
import { z } from 'zod';
import { nearestOf } from '../model/nearest.ts';
import { SIGNAL_WANTED } from '../model/step.ts';
import { DURATION_WANTED, PERCENT_WANTED, RATE_WANTED } from '../model/units.ts';
import { valueAt } from './layers.ts';
import { namesAt, placesOf } from './fields.ts';
import { didYouMean, expectedText, type Path, type Problem } from './wording.ts';

type Issue = z.core.$ZodIssue;

/** What a value means, or all that is wrong with it. */
export type Checked<T> = { value: T; problems?: never } | { value?: never; problems: Problem[] };

/** Checks a value. */
export function checked<S extends z.ZodType>(schema: S, source: unknown): Checked<z.output<S>> {
  const result = schema.safeParse(source, { error: expectationOf });
  return result.success
    ? { value: result.data }
    : { problems: problemsOf(result.error.issues, { schema, source }, []) };
}

interface Subject {
  schema: z.ZodType;
  source: unknown;
}

function problemsOf(issues: readonly Issue[], subject: Subject, base: Path): Problem[] {
  // A step with an unknown name is not "a map with no key" as well.
  const strange = new Set(
    issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => issue.path.join()),
  );
  return issues
    .filter((issue) => !(issue.code === 'custom' && strange.has(issue.path.join())))
    .flatMap((issue) => problemsOfOne(issue, subject, base));
}

function problemsOfOne(issue: Issue, subject: Subject, base: Path): Problem[] {
  const path = [...base, ...(issue.path as Path)];
  const got = valueAt(subject.source, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField(subject.schema, path, key));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, text: expectedText(issue.issues[0]?.message ?? 'another name', path.at(-1)) }];
  }
  if (issue.code === 'invalid_union') {
    const possible = issue.errors.filter((branch) => !branch.some((inner) => isOtherKind(inner, got)));
    const [fewest] = possible
      .map((branch) => withoutEchoes(problemsOf(branch, subject, path), subject.source))
      .sort((a, b) => a.length - b.length);
    if (fewest !== undefined) return fewest;
    return [{ path, text: expectedText(issue.message || alternativesOf(issue.errors), got) }];
  }
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const note = typeof got === 'string' && values.length > 0 ? didYouMean(got, values) : guessOf(issue.message, got);
  return [{ path, text: expectedText(issue.message, got, note) }];
}

/**
 * A field that does not exist, with the name that was meant, or the place where it belongs, or else all names that
 * there are.
 */
export function unknownField(schema: z.core.$ZodType, under: Path, key: string): Problem {
  const path = [...under, key];
  const names = namesAt(schema, under) ?? [];
  const near = nearestOf(key, names);
  if (near !== undefined) return { path, text: `unknown field; did you mean "${near}"?`, meant: [...under, near] };
  const places = placesOf(schema, key);
  if (places.length === 1) return { path, text: `unknown field; did you mean "${places[0]}"?` };
  return { path, text: `unknown field; expected one of ${names.join(', ')}` };
}

/** Without the fields that are missing only because their name was mistyped. */
export function withoutEchoes<P extends Problem>(problems: readonly P[], source: unknown): P[] {
  const meant = new Set(problems.map((problem) => JSON.stringify(problem.meant)));
  return problems.filter(({ path }) => !meant.has(JSON.stringify(path)) || valueAt(source, path) !== undefined);
}

/** Whether a branch of a union wants another kind of value than the one that was written. */
function isOtherKind(issue: Issue, got: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') {
    return issue.errors.every((branch) => branch.some((inner) => isOtherKind(inner, got)));
  }
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof got !== 'string');
}

function alternativesOf(branches: readonly (readonly Issue[])[]): string {
  const texts = branches.map((branch) => {
    const [issue] = branch;
    return issue?.code === 'invalid_union' ? issue.message || alternativesOf(issue.errors) : (issue?.message ?? '');
  });
  return [...new Set(texts)].reduce((before, text) => `${before}${before.includes(',') ? ',' : ''} or ${text}`);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  null: 'nothing',
};

/** What the schema wanted, where it has no words of its own for it. */
function expectationOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return KINDS[issue.inst instanceof z.ZodNumberFormat ? 'int' : issue.expected] ?? issue.expected;
  }
  if (issue.code === 'invalid_value') {
    return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
  }
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return 'text that is not empty';
    return issue.origin === 'array' ? 'a list that is not empty' : `at least ${issue.minimum}`;
  }
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  // Empty: the branches of the union speak for themselves.
  if (issue.code === 'invalid_union') return '';
  return undefined;
}

/** What was probably meant, where that can be seen from what was expected. */
function guessOf(expected: string, got: unknown): string {
  const bare =
    typeof got === 'number' || (typeof got === 'string' && /^\d+(\.\d+)?$/.test(got)) ? String(got) : undefined;
  if (expected === DURATION_WANTED && bare !== undefined) return `: ${bare}ms or ${bare}s?`;
  if (expected === RATE_WANTED && bare !== undefined) return `: ${bare}/s?`;
  if (expected === PERCENT_WANTED && bare !== undefined) return `: ${bare}%?`;
  if (expected === SIGNAL_WANTED && typeof got === 'string') return didYouMean(got, SIGNALS);
  if (expected === KINDS['string'] && (typeof got === 'number' || typeof got === 'boolean')) {
    return `: "${got}" in quotes?`;
  }
  return '';
}
