/**
 * The requests of one session, dealt out to its restarts and to quiet time.
 *
 * Rule: every arrival lands in one place only; the sums are those of the ledger.
 */
import { count, noCounts, type Counts } from '../../model/outcome.ts';
import { slowPlacementsOf } from './aftermath.ts';
import { outcomeAt } from '../fold/columns.ts';
import type { SessionRecording } from '../fold/recording.ts';
import { placementOf, type Window } from './windows.ts';

/** What happened in one restart's window. */
export interface WindowTally {
  window: Window;
  arrivals: Counts;
  sentinels: Counts;
}

export interface SessionTally {
  session: SessionRecording;
  windows: Window[];
  quiet: Counts;
  /** Parallel to `windows`. */
  tallies: WindowTally[];
  /** For each stream (parallel to the session's) and each arrival the position of its window, -1 in quiet time. */
  placements: Int32Array[];
  /** The same as far as slowness goes (see aftermath.ts). */
  slowPlacements: Int32Array[];
}

/** Deals out the requests of a session to its windows. */
export function tallyOf(session: SessionRecording, windows: Window[]): SessionTally {
  const quiet = noCounts();
  const tallies = windows.map((window): WindowTally => ({ window, arrivals: noCounts(), sentinels: noCounts() }));
  const placements = session.streams.map((stream) => placementOf(session, stream, windows));
  session.streams.forEach(({ arrivals }, position) => {
    const placement = placements[position] as Int32Array;
    for (let seq = 0; seq < arrivals.length; seq += 1) {
      const outcome = outcomeAt(arrivals, seq);
      if (outcome === undefined) continue;
      const counts = tallies[placement[seq] as number]?.arrivals ?? quiet;
      count(counts, outcome);
      counts.retried += arrivals.retries[seq] as number;
    }
  });
  for (const { restart, outcome, story } of session.sentinels) {
    const tally = tallies.find(({ window }) => window.restart.restart === restart);
    if (tally === undefined && session.shams.some((sham) => sham.restart === restart)) continue;
    if (tally === undefined) {
      throw new Error(`session ${session.session}: a sentinel of restart ${restart}, which never began`);
    }
    count(tally.sentinels, outcome);
    tally.sentinels.retried += story.retries ?? 0;
  }
  const slowPlacements = slowPlacementsOf(session, placements);
  return { session, windows, quiet, tallies, placements, slowPlacements };
}
