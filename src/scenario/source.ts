/**
 * A scenario written out again as its author could have written it, with all defaults.
 *
 * Rule: what is written here loads back to the same scenario.
 */
import { z } from 'zod';
import { Arm, type Scenario } from '../model/scenario.ts';
import { ONLY_ARM } from './arms.ts';

/**
 * The scenario as a source: durations, rates and shares as text. The only arm of a scenario without arms is written
 * flat.
 */
export function sourceOf(scenario: Scenario): Record<string, unknown> {
  const head = { name: scenario.name, description: scenario.description, needs: scenario.needs };
  const arms = scenario.arms.map(({ name, ...arm }) => [name, z.encode(Arm, arm)] as const);
  const [only] = arms;
  if (only !== undefined && arms.length === 1 && only[0] === ONLY_ARM) return { ...head, ...only[1] };
  return { ...head, arms: Object.fromEntries(arms) };
}
