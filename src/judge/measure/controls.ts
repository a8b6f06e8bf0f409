/**
 * The controls: what shows that the instrument counts what is there, and what the target does while nothing restarts.
 *
 * Rule: arrivals that sham restarts touched stay in quiet time, which they are; sentinels of shams are in no ledger of
 * the arm.
 */
import { OUTCOMES, count, noCounts, type Counts } from '../../model/outcome.ts';
import type { Controls } from '../../model/result.ts';
import { outcomeAt } from '../fold/columns.ts';
import type { Recording, SessionRecording } from '../fold/recording.ts';
import type { SessionTally } from './tally.ts';
import { placementOf } from './windows.ts';

/** What happened in one sham restart. */
export interface ShamTally {
  arrivals: Counts;
  sentinels: Counts;
}

/** The positive control that an arm shares; null when none was measured. */
export function positiveControlOf(
  { controls }: Recording,
  arm: string,
): { byOutcome: NonNullable<Controls['positive']>['byOutcome']; problem?: string } | null {
  const control = controls.find(({ arms }) => arms.includes(arm));
  if (control === undefined) return null;
  const { expected, counted, problem } = control;
  const met = OUTCOMES.filter((outcome) => (expected[outcome] ?? 0) + (counted[outcome] ?? 0) > 0);
  const byOutcome = Object.fromEntries(
    met.map((outcome) => [outcome, { expected: expected[outcome] ?? 0, counted: counted[outcome] ?? 0 }]),
  );
  return { byOutcome, ...(problem === undefined ? {} : { problem }) };
}

/** What the sham restarts of a session met. */
export function shamTalliesOf({ session, placements }: SessionTally): ShamTally[] {
  const whole = session.shams.flatMap(({ restart, moments: { signalled, settled } }) =>
    signalled === undefined || settled === undefined
      ? []
      : [{ restart, signalledAtMs: signalled, settledAtMs: settled }],
  );
  const tallies = whole.map(({ restart }): ShamTally => ({
    arrivals: noCounts(),
    sentinels: sentinelsOf(session, restart),
  }));
  session.streams.forEach((stream, position) => {
    const inShams = placementOf(session, stream, whole);
    const inRestarts = placements[position] as Int32Array;
    for (let seq = 0; seq < stream.arrivals.length; seq += 1) {
      const outcome = outcomeAt(stream.arrivals, seq);
      const tally = tallies[inShams[seq] as number];
      if (outcome !== undefined && tally !== undefined && inRestarts[seq] === -1) count(tally.arrivals, outcome);
    }
  });
  return tallies;
}

function sentinelsOf(session: SessionRecording, sham: number): Counts {
  const counts = noCounts();
  for (const { restart, outcome } of session.sentinels) if (restart === sham) count(counts, outcome);
  return counts;
}

/** The controls of an arm as they stand in its result. */
export function controlsOf(positive: ReturnType<typeof positiveControlOf>, shams: readonly ShamTally[]): Controls {
  const faults = Object.entries(positive?.byOutcome ?? {}).filter(([outcome]) => outcome !== 'answered');
  const sum = (counts: readonly number[]): number => counts.reduce((total, value) => total + value, 0);
  const lostAs = (key: 'lost' | 'raced' | 'rejected' | 'failed'): number =>
    sum(shams.map(({ arrivals, sentinels }) => arrivals[key] + sentinels[key]));
  return {
    positive:
      positive === null
        ? null
        : {
            expected: sum(faults.map(([, { expected }]) => expected)),
            counted: sum(faults.map(([, { counted }]) => counted)),
            byOutcome: positive.byOutcome,
          },
    negative:
      shams.length === 0
        ? null
        : {
            windows: shams.length,
            lost: lostAs('lost'),
            raced: lostAs('raced'),
            rejected: lostAs('rejected'),
            failed: lostAs('failed'),
          },
  };
}
