/**
 * What a strategy is: a named, documented list of steps.
 *
 * Rule: data only. Whatever it needs of the scenario stands in `restart`.
 */
import type { Restart } from '../model/restart.ts';
import type { Command, Step } from '../model/step.ts';

export interface Strategy {
  name: string;
  /** What it does, in a line. */
  summary: string;
  /** Who restarts so in real life. */
  worksSo: string;
  /** It replaces the instances of a fleet. */
  fleet?: true;
  steps(restart: Restart): Step[];
  /**
   * A command whose output changes with every restart: it proves one where neither processes nor an identity header can
   * be seen.
   */
  witness?(restart: Restart): Command | undefined;
}
