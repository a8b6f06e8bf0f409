/**
 * Scenarios from a file or from code, with the types that callers see.
 *
 * Rule: checked by scenario/, and nothing is added here.
 */
import type { Scenario, ScenarioSource } from '../model/scenario.ts';
import * as scenario from '../scenario/load.ts';

/**
 * Reads and checks a scenario file (YAML, JSON, TypeScript). Rejects with ZerodropError `scenario-not-found` or
 * `bad-scenario`, all problems at once.
 */
export function loadScenario(path: string, overrides: Record<string, unknown> = {}): Promise<Scenario> {
  return scenario.loadScenario(path, { overrides });
}

/** Checks a scenario that was written in code. Throws ZerodropError `bad-scenario`. */
export function scenarioOf(source: ScenarioSource): Scenario {
  return scenario.scenarioOf(source);
}
