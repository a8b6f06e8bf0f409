/**
 * From what was written to the scenario that it means: the arms, each merged from its layers and checked.
 *
 * Rule: a problem is told once, at the place where it was written: the base, an arm, or the command line.
 */
import { resolve } from 'node:path';
import { withFolders } from '../model/folders.ts';
import { Arm, ScenarioFile, ScenarioHead, type Scenario } from '../model/scenario.ts';
import { contradictionsOf, type Surroundings } from './contradictions.ts';
import { namesAt } from './fields.ts';
import { depthOf, isMap, merged, nullsOf, type Source } from './layers.ts';
import { MOST_ARMS } from './limits.ts';
import { combinationsOf, filledFrom, type MatrixValues } from './matrix.ts';
import { checked, unknownField, withoutEchoes } from './problems.ts';
import { expectedText, type Problem } from './wording.ts';

/** A problem at the place where it was written. */
export interface PlacedProblem extends Problem {
  from: 'scenario' | 'command line';
}

export interface ArmsOptions extends Surroundings {
  /** Laid over the scenario and all its arms. */
  overrides: Source;
}

/** The name of the only arm of a scenario without `arms`. */
export const ONLY_ARM = 'default';

const ARM_NAME = /^[\w.-]+$/;
const BODY_WANTED = 'a map of fields such as name, target and restart';

/** The scenario, or all problems. */
export function armsOf(source: unknown, options: ArmsOptions): { scenario: Scenario } | { problems: PlacedProblem[] } {
  if (!isMap(source)) return { problems: [{ path: [], from: 'scenario', text: expectedText(BODY_WANTED, source) }] };
  const { name, description, needs, arms: writtenArms, matrix, ...rest } = source;
  const known = Object.entries(rest).filter(([key]) => Object.hasOwn(Arm.shape, key));
  const base: Source = Object.fromEntries(known);
  const strange = Object.keys(rest).filter((key) => !Object.hasOwn(base, key));

  const written = Object.entries({ name, description, needs }).filter(([, value]) => value !== undefined);
  const head = checked(ScenarioHead, Object.fromEntries(written));
  const { layers, problems: armProblems } =
    matrix === undefined ? layersOf(writtenArms) : layersOfMatrix(matrix, writtenArms);
  const problems: PlacedProblem[] = [
    ...(head.problems ?? []),
    ...strange.map((key) => unknownField(ScenarioFile, [], key)),
    ...armProblems,
  ].map((problem) => ({ ...problem, from: 'scenario' }));

  const arms: Scenario['arms'] = [];
  const found: ArmProblem[] = [];
  for (const [armName, { layer, values }] of layers) {
    const { filled: whole, problems: unfilled } = filledIn(merged(merged(base, layer), options.overrides), values);
    const arm = checked(Arm, whole);
    const wrong = [...strangeNulls(layer), ...unfilled, ...(arm.problems ?? []), ...contradictionsOf(whole, options)];
    found.push(...wrong.map((problem) => ({ ...problem, arm: armName, layer })));
    if (arm.value !== undefined) {
      arms.push({ ...withFolders(arm.value, (folder) => resolve(options.folder, folder)), name: armName });
    }
  }
  problems.push(...placed(found, base, options.overrides, layers.size));
  if (problems.length > 0) return { problems: withoutEchoes(problems, source) };
  if (head.value === undefined) return { problems };
  return { scenario: { ...head.value, arms } };
}

/** What makes an arm of the base: what is laid over it, and in a matrix what its references stand for. */
interface Variant {
  layer: Source;
  values?: MatrixValues;
}
type Variants = { layers: Map<string, Variant>; problems: Problem[] };

function filledIn(source: Source, values: MatrixValues | undefined): ReturnType<typeof filledFrom> {
  return values === undefined ? { filled: source, problems: [] } : filledFrom(source, values);
}

/** An arm for each combination. */
function layersOfMatrix(matrix: unknown, writtenArms: unknown): Variants {
  if (writtenArms !== undefined) {
    return { layers: new Map(), problems: [{ path: ['matrix'], text: 'expected either matrix or arms, got both' }] };
  }
  const { combinations, problems } = combinationsOf(matrix);
  return { layers: new Map([...combinations].map(([name, values]) => [name, { layer: {}, values }])), problems };
}

/** The layers of the arms by name; one empty layer when there are no arms. */
function layersOf(written: unknown): Variants {
  if (written === undefined) return { layers: new Map([[ONLY_ARM, { layer: {} }]]), problems: [] };
  if (!isMap(written) || Object.keys(written).length === 0) {
    return {
      layers: new Map(),
      problems: [{ path: ['arms'], text: expectedText('a map of arms by their names', written) }],
    };
  }
  const count = Object.keys(written).length;
  if (count > MOST_ARMS) {
    return {
      layers: new Map(),
      problems: [{ path: ['arms'], text: `expected at most ${MOST_ARMS} arms, got ${count}` }],
    };
  }
  const layers = new Map<string, Variant>();
  const problems: Problem[] = [];
  for (const [name, layer] of Object.entries(written)) {
    const path = ['arms', name];
    if (!ARM_NAME.test(name)) {
      problems.push({ path, text: expectedText('a name of letters, digits, dots, - and _', name) });
    }
    if (layer === null || isMap(layer)) layers.set(name, { layer: layer ?? {} });
    else problems.push({ path, text: expectedText('a map of the fields that this arm changes', layer) });
  }
  return { layers, problems };
}

/** Fields that an arm takes away though no such field exists: merging would hide them. */
function strangeNulls(layer: Source): Problem[] {
  return nullsOf(layer).flatMap((path) => {
    const key = String(path.at(-1));
    const names = namesAt(Arm, path.slice(0, -1));
    return names === undefined || names.includes(key) ? [] : [unknownField(Arm, path.slice(0, -1), key)];
  });
}

interface ArmProblem extends Problem {
  arm: string;
  layer: Source;
}

/** The problems of all arms, each once. What is missing from every arm is missing from the base. */
function placed(found: readonly ArmProblem[], base: Source, overrides: Source, armCount: number): PlacedProblem[] {
  const keyOf = (problem: Problem): string => JSON.stringify([problem.path, problem.text]);
  const armsWith = new Map<string, Set<string>>();
  for (const problem of found) {
    armsWith.set(keyOf(problem), (armsWith.get(keyOf(problem)) ?? new Set()).add(problem.arm));
  }

  const places = found.map(({ arm, layer, ...problem }): PlacedProblem => {
    const { path } = problem;
    const depths = { overrides: depthOf(overrides, path), arm: depthOf(layer, path), base: depthOf(base, path) };
    const deepest = Math.max(depths.overrides, depths.arm, depths.base);
    const written = deepest === path.length;
    if (depths.overrides === deepest && (written || deepest > Math.max(depths.arm, depths.base))) {
      return { ...problem, from: 'command line' };
    }
    const above = ['arms', arm];
    const meant = problem.meant === undefined ? {} : { meant: [...above, ...problem.meant] };
    const inArm: PlacedProblem = { ...problem, ...meant, path: [...above, ...path], from: 'scenario' };
    if (depths.arm === deepest && (written || deepest > depths.base)) return inArm;
    if (written || armsWith.get(keyOf(problem))?.size === armCount) return { ...problem, from: 'scenario' };
    return inArm;
  });
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}
