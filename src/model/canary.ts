/**
 * A canary's step as a question and its answer: the port between target/ (which asks while it restarts) and the join
 * that sees the traffic.
 *
 * Rule: no answer is a pass unless it shows something; too little traffic is inconclusive.
 */
import { z } from 'zod';
import type { Verdict } from './expect.ts';

/** What was seen of one set in a step. */
export const SetFacts = z.object({
  requests: z.int().nonnegative(),
  /** Of those, the ones that were not answered as expected. */
  failures: z.int().nonnegative(),
  /** Of answers to new connections, ascending. */
  latenciesMs: z.array(z.number()),
});
export type SetFacts = z.output<typeof SetFacts>;

/** What was seen in a step: all that its judgement needs, so that it can be repeated from the log. */
export const StepFacts = z.object({
  fresh: SetFacts,
  old: SetFacts,
  /**
   * Failures of which nobody can tell whose they were: no answer named its instance, and the front door does not say.
   */
  unplaced: z.int().nonnegative(),
  /** What is to be shown of the new set's share of failures. */
  errorsBelow: z.number(),
  /** The share of new connections that was asked for. */
  share: z.number().optional(),
});
export type StepFacts = z.output<typeof StepFacts>;

/** What is to be judged: the new set by its own traffic of the next `forMs`. */
export interface CanaryQuestion {
  forMs: number;
  /** The share of failures that the new set must be shown to stay below. */
  errorsBelow: number;
  /** The share of new connections that was asked for, from 0 to 1; undefined when none was. */
  share: number | undefined;
  /** Whether an answer with this identity came from the new set; undefined when it is not known. */
  isNewIdentity(identity: string): boolean | undefined;
  /** The same for a connection from this local port of the client. */
  isNewPort(localPort: number): boolean | undefined;
  aborted: AbortSignal;
}

export interface CanaryAnswer {
  verdict: Verdict;
  /** What was seen, in a sentence. */
  message: string;
  hint: string;
}

export type Analyse = (question: CanaryQuestion) => Promise<CanaryAnswer>;
