/**
 * The outcomes: every arrival and every sentinel ends in exactly one of them.
 *
 * Rule: a closed set. Adding one is a change of the contract; code that switches over it has no default branch.
 */

/** All outcomes, in the order in which they are shown. */
export const OUTCOMES = [
  'answered',
  'refused',
  'reset',
  'closed',
  'raced',
  'truncated',
  'timeout',
  'rejected',
  'failed',
  'unsent',
] as const;

/** What became of one arrival, as its client saw it. */
export type Outcome = (typeof OUTCOMES)[number];

/** What each outcome means, in one line for people who read a report. */
export const OUTCOME_MEANINGS: Readonly<Record<Outcome, string>> = {
  answered: 'a complete answer with the expected status and body',
  refused: 'connect refused: nobody listened',
  reset: 'RST before the answer was complete: killed, or thrown out of the accept queue; RST_STREAM in HTTP/2',
  closed: 'FIN instead of an answer: dropped in flight',
  raced: 'a reused idle connection was closed as the request was written (keep-alive race); HTTP/2: not processed',
  truncated: 'a part of the answer, then the end: killed in mid-answer',
  timeout: 'nothing in time: stuck',
  rejected: '503 or 429: the server said no',
  failed: 'an unexpected status or a wrong body',
  unsent: 'never left: the fault of the harness, not of the target',
};

/** The outcomes that count as lost requests. */
export const LOST_OUTCOMES = [
  'refused',
  'reset',
  'closed',
  'truncated',
  'timeout',
] as const satisfies readonly Outcome[];

/** Whether a request with this outcome is lost. */
export function isLost(outcome: Outcome): boolean {
  return (LOST_OUTCOMES as readonly Outcome[]).includes(outcome);
}

/**
 * Counts by outcome. `due` is their sum, `lost` the sum over {@link LOST_OUTCOMES}; `retried` counts repeats made by
 * `client.retry`.
 */
export type Counts = Record<Outcome, number> & { due: number; lost: number; retried: number };

/** Counts of nothing. */
export function noCounts(): Counts {
  return {
    due: 0,
    answered: 0,
    refused: 0,
    reset: 0,
    closed: 0,
    raced: 0,
    truncated: 0,
    timeout: 0,
    rejected: 0,
    failed: 0,
    unsent: 0,
    lost: 0,
    retried: 0,
  };
}

/** Enters one outcome `times` times into `counts`, keeping `due` and `lost` true. */
export function count(counts: Counts, outcome: Outcome, times = 1): void {
  counts[outcome] += times;
  counts.due += times;
  if (isLost(outcome)) counts.lost += times;
}

/** The sum of several counts. */
export function sumOf(all: Iterable<Counts>): Counts {
  const total = noCounts();
  for (const counts of all) {
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
  }
  return total;
}
