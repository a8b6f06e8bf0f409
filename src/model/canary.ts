/**
 * A canary's step as a question and its answer: the port between target/ (which asks while it restarts) and the join
 * that sees the traffic.
 *
 * Rule: no answer is a pass unless it shows something; too little traffic is inconclusive.
 */
import type { Verdict } from './expect.ts';

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
