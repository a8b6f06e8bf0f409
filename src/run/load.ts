/**
 * Scenarios, checked against the strategies that there are.
 *
 * Rule: the only place where scenario/ (which knows the file) and strategies/ (which know their names) meet.
 */
import type { Scenario, ScenarioSource } from '../model/scenario.ts';
import * as scenario from '../scenario/load.ts';
import { startingNames, strategyNames } from '../strategies/registry.ts';

/**
 * Reads and checks a scenario file (YAML, JSON, TypeScript). Rejects with ZerodropError `scenario-not-found` or
 * `bad-scenario`, all problems at once.
 */
export function loadScenario(path: string, overrides: Record<string, unknown> = {}): Promise<Scenario> {
  return scenario.loadScenario(path, { strategyNames, startingNames, overrides });
}

/** Checks a scenario that was written in code. Throws ZerodropError `bad-scenario`. */
export function scenarioOf(source: ScenarioSource): Scenario {
  return scenario.scenarioOf(source, { strategyNames, startingNames });
}
