/**
 * Several scenarios as one, so that their arms are run in turns.
 *
 * Rule: an arm is named for its scenario, and for itself too where that has several.
 */
import { ZerodropError } from '../errors.ts';
import type { Scenario } from '../model/scenario.ts';

/** One scenario of all arms. Throws ZerodropError `bad-arguments` when two of them would have one name. */
export function mergedScenario(scenarios: readonly Scenario[]): Scenario {
  const [first, ...others] = scenarios as [Scenario, ...Scenario[]];
  if (others.length === 0) return first;
  const arms = scenarios.flatMap(({ name, arms: own }) =>
    own.map((arm) => ({ ...arm, name: own.length === 1 ? name : `${name}.${arm.name}` })),
  );
  const twice = arms.find(({ name }, position) => arms.some((other, later) => later > position && other.name === name));
  if (twice !== undefined) {
    throw new ZerodropError(
      'bad-arguments',
      `two scenarios are called ${twice.name}`,
      'Give each scenario a name of its own.',
    );
  }
  const needs = [...new Set(scenarios.flatMap((scenario) => scenario.needs))];
  return { ...first, name: scenarios.map(({ name }) => name).join('-vs-'), description: '', needs, arms };
}
