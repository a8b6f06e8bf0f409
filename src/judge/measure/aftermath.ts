/**
 * Answers that came late because of a restart, though they were due after its window: the tail of a stall.
 *
 * Rule: how fast quiet time is shall not be learnt from them. What was due before the last answer of a window had come
 * is of that restart, as far as slowness goes; counts keep to the windows. A stream that would have no quiet time left
 * keeps what it has.
 */
import { outcomeAt } from '../fold/columns.ts';
import { dueMsOf, type SessionRecording } from '../fold/recording.ts';

/** For each stream and arrival the position of the window that slowness is counted in, -1 in quiet time. */
export function slowPlacementsOf(session: SessionRecording, placements: readonly Int32Array[]): Int32Array[] {
  return session.streams.map((stream, position) => {
    const placement = placements[position] as Int32Array;
    const { arrivals } = stream;
    const found = Int32Array.from(placement);
    let quietBefore = 0;
    let quiet = 0;
    let last = -1;
    let untilMs = -Infinity;
    for (let seq = 0; seq < arrivals.length; seq += 1) {
      if (outcomeAt(arrivals, seq) !== 'answered') continue;
      const window = placement[seq] as number;
      const dueMs = dueMsOf(session, stream, seq);
      if (window !== -1) {
        last = window;
        untilMs = Math.max(untilMs, dueMs + (arrivals.latencyUs[seq] as number) / 1000);
      } else {
        quietBefore += 1;
        if (dueMs < untilMs) found[seq] = last;
        else quiet += 1;
      }
    }
    return quiet === 0 && quietBefore > 0 ? placement : found;
  });
}
