/**
 * `defineScenario`, for scenarios that are written in TypeScript or JavaScript.
 *
 * Rule: it does nothing but lend its types; the loader checks the value as it checks a YAML file.
 */
import type { ScenarioSource } from '../model/scenario.ts';

/** The scenario as it was given, checked and completed by the editor: `export default defineScenario({...})`. */
export function defineScenario(source: ScenarioSource): ScenarioSource {
  return source;
}
