/**
 * A scenario from a file or from code: complete, or refused with every problem at once.
 *
 * Rule: what leaves here needs no further check. Each problem has its path, its line where there are lines, and what
 * was meant, and shows no secret.
 */
import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { ZerodropError } from '../errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { maskOf } from '../model/secrets/mask.ts';
import { secretsIn } from '../model/secrets/values.ts';
import { armsOf, type PlacedProblem } from './arms.ts';
import { assertScenarioFile, statsOf, TEXT_EXTENSIONS } from './found.ts';
import { excessOf, MOST_BYTES, MOST_PROBLEMS } from './limits.ts';
import { exportedBy } from './module.ts';
import { pathText, type Path } from './wording.ts';
import { writtenIn } from './yaml.ts';

export interface LoadOptions {
  /** A partial scenario source, such as `{restart: {count: 3}}`, which wins over the file and all its arms. */
  overrides?: Record<string, unknown>;
}

export interface SourceOptions extends LoadOptions {
  /** What relative paths start from; default: the current folder. */
  folder?: string;
}

const HINT = 'Correct this and run again; zerodrop validate FILE checks without running anything.';
const SYNTAX_HINT = 'Text that holds any of : # { } [ ] , & * ! | > % @ needs quotes in YAML.';

/** Reads and checks a scenario file. Rejects with ZerodropError `scenario-not-found` or `bad-scenario`. */
export async function loadScenario(path: string, options: LoadOptions = {}): Promise<Scenario> {
  assertScenarioFile(path);
  const absolute = resolve(path);
  const place = { ...options, folder: dirname(absolute), file: path };
  if (!TEXT_EXTENSIONS.includes(extname(path))) {
    const module = await exportedBy(absolute);
    if ('problem' in module) throw refusal(path, 1, module.problem, HINT);
    return checkedScenario(module.value, place);
  }
  const written = writtenIn(await textOf(path));
  if ('syntax' in written) {
    throw refusal(path, written.syntax.count, written.syntax.lines, extname(path) === '.json' ? HINT : SYNTAX_HINT);
  }
  const problems = written.problems.map((problem): PlacedProblem => ({ ...problem, from: 'scenario' }));
  return checkedScenario(written.value, { ...place, lineOf: written.lineOf, problems });
}

/** Checks a scenario that was written in code. Throws ZerodropError `bad-scenario`. */
export function scenarioOf(source: unknown, options: SourceOptions = {}): Scenario {
  return checkedScenario(source, { ...options, folder: options.folder ?? process.cwd(), file: 'the scenario' });
}

interface Place extends LoadOptions {
  folder: string;
  /** How the scenario is called in messages. */
  file: string;
  lineOf?: (path: Path) => number;
  /** Problems that were found in reading. */
  problems?: readonly PlacedProblem[];
}

function checkedScenario(source: unknown, place: Place): Scenario {
  const excess = excessOf(source);
  if (excess !== undefined) throw refusal(place.file, 1, [`${pathText(excess.path)}: ${excess.text}`], HINT);
  const result = armsOf(source, {
    folder: place.folder,
    overrides: place.overrides ?? {},
  });
  const problems = [...(place.problems ?? []), ...('problems' in result ? result.problems : [])];
  if ('scenario' in result && problems.length === 0) return result.scenario;
  const lines = problems.map((problem) => {
    const line = problem.from === 'scenario' ? place.lineOf?.(problem.path) : undefined;
    const where = problem.from === 'command line' ? ' (command line)' : line === undefined ? '' : ` (line ${line})`;
    return { line: line ?? Infinity, text: `${pathText(problem.path)}${where}: ${problem.text}` };
  });
  // Not by subtraction: two problems without a line would be Infinity - Infinity apart.
  lines.sort((a, b) => (a.line === b.line ? 0 : a.line < b.line ? -1 : 1));
  const mask = maskOf(secretsIn(source, process.env));
  throw refusal(
    place.file,
    lines.length,
    lines.slice(0, MOST_PROBLEMS).map(({ text }) => mask.known(text)),
    HINT,
  );
}

function refusal(file: string, count: number, details: readonly string[], hint: string): ZerodropError {
  const shown = details.slice(0, MOST_PROBLEMS * 3);
  const more = count > MOST_PROBLEMS ? [`and more: the first ${MOST_PROBLEMS} are shown`] : [];
  return new ZerodropError('bad-scenario', `${file} has ${count} problem${count === 1 ? '' : 's'}`, hint, [
    ...shown,
    ...more,
  ]);
}

async function textOf(path: string): Promise<string> {
  const bytes = statsOf(path)?.size ?? 0;
  if (bytes > MOST_BYTES) {
    throw refusal(
      path,
      1,
      [`expected a file of at most ${MOST_BYTES / 1024} kB, got ${Math.ceil(bytes / 1024)} kB`],
      HINT,
    );
  }
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ZerodropError(
      'scenario-not-found',
      `${path} cannot be read: ${(error as Error).message}`,
      'Check its permissions.',
    );
  }
}
