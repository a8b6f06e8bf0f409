/**
 * What a strategy is: a named, documented list of steps, with what it needs and what to advise about it.
 *
 * Rule: data only, and all of it. Scenario checks, runs, findings and `zerodrop strategies` read it from here; none of
 * them knows a strategy by its name.
 */
import type { Outcome } from '../outcome.ts';
import type { Restart } from '../restart.ts';
import type { Command, Step } from '../step.ts';

/** A strategy in full. Whether it starts instances or passes on the socket is read from its steps. */
export interface Strategy {
  name: string;
  /** What it does, in a line. */
  summary: string;
  /** Programs and platforms that restart this way. */
  usedBy: string;
  /** The field of `restart` that it cannot do without. */
  needs?: Need;
  /** Set when it replaces the instances of a fleet. */
  fleet?: {
    /** How many instances it promises to keep ready. */
    leastReady(restart: Restart, replicas: number): number;
  };
  /** Set when it restarts a workload of Kubernetes. */
  workload?: true;
  /** The values of restart.action that it knows, where it has any. */
  actions?: readonly NonNullable<Restart['action']>[];
  steps(restart: Restart): Step[];
  /**
   * A command whose output changes with every restart: it proves one where neither processes nor an identity header can
   * be seen.
   */
  witness?(restart: Restart): Command | undefined;
  /** What to do about requests with this outcome, where this strategy is the reason for it. */
  advice: Advice;
}

/** A field of `restart`, in words, and as an example. */
export interface Need {
  field: 'command' | 'unit' | 'program';
  what: string;
  example: string;
}

/** Sentences for the outcomes that have a cause of their own under a strategy. */
export type Advice = Readonly<Partial<Record<Outcome, string>>>;

/** The field that a strategy needs. The scenario was checked for it, so its absence is our own bug. */
export function needed<F extends Need['field']>(restart: Restart, field: F): NonNullable<Restart[F]> {
  const value = restart[field];
  if (value === undefined) throw new Error(`restart.${field} is missing, which the check of the scenario lets through`);
  return value;
}
