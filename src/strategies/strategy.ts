/**
 * What a strategy is: a named, documented list of steps.
 *
 * Rule: data only. Whatever it needs of the scenario stands in `restart`.
 */
import type { Restart } from '../model/scenario.ts';
import type { Step } from '../model/step.ts';

export interface Strategy {
  name: string;
  /** What it does, in a line. */
  summary: string;
  /** Who restarts so in real life. */
  worksSo: string;
  /** It replaces the instances of a fleet. */
  fleet?: true;
  steps(restart: Restart): Step[];
}
