/**
 * What the run was asked to do, read back from the scenario in its log.
 *
 * Rule: the log holds the scenario in the form in which a user writes it, complete; the schema that checked it then
 * reads it now.
 */
import { Arm } from '../../model/scenario.ts';
import type { Recording } from './recording.ts';
import { restartsNeeded } from '../measure/statistics.ts';

/** One arm as planned. */
export interface PlannedArm extends Arm {
  /** Name of the strategy, or the names of its steps. */
  strategy: string;
  restarts: number;
}

/** The arms of a recording's scenario, in its order. Throws when the log's scenario is not one. */
export function plannedArmsOf({ head, sessions }: Recording): PlannedArm[] {
  const { arms } = head.scenario;
  const planned = isRecord(arms)
    ? Object.entries(arms).map(([name, arm]) => plannedArmOf(name, arm))
    : [plannedArmOf(sessions[0]?.arm ?? 'default', head.scenario)];
  for (const { session, arm } of sessions) {
    if (!planned.some(({ name }) => name === arm)) {
      throw new Error(`session ${session} is of arm ${arm}, which the scenario does not have`);
    }
  }
  return planned;
}

function plannedArmOf(name: string, source: unknown): PlannedArm {
  const fields = isRecord(source)
    ? Object.fromEntries(Object.entries(source).filter(([field]) => field in Arm.shape))
    : source;
  const arm = Arm.parse(fields);
  const { strategy, until, count } = arm.restart;
  return {
    ...arm,
    name,
    strategy:
      typeof strategy === 'string'
        ? strategy
        : strategy.map((step) => (typeof step === 'string' ? step : Object.keys(step).join())).join(', '),
    restarts: until === undefined ? count : restartsNeeded(until.confidence, until.dirty_restarts_below),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
