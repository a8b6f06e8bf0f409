/**
 * The longest wait of a client: how long the slowest answer of each stream took, in quiet time and in each restart.
 *
 * Rule: only answers count, less the harness's own lateness; what was not answered is lost and stands for itself.
 */
import { dueMsOf } from '../fold/recording.ts';
import { isAnswered, latencyUsOf } from './latency.ts';
import type { SessionTally } from './tally.ts';

/** The slowest answer of a stream. Moments are ms since the run's start. */
export interface Wait {
  stream: string;
  waitMs: number;
  dueMs: number;
  endMs: number;
}

/** For each window of a session the slowest answer of each stream that was answered in it. */
export function waitsOf({ session, windows, slowPlacements }: SessionTally): Wait[][] {
  const found = windows.map((): Wait[] => []);
  session.streams.forEach((stream, position) => {
    const { name, arrivals } = stream;
    const slowest = new Map<number, number>();
    for (let seq = 0; seq < arrivals.length; seq += 1) {
      if (!isAnswered(arrivals, seq)) continue;
      const window = slowPlacements[position]?.[seq] as number;
      const before = slowest.get(window);
      if (before === undefined || latencyUsOf(arrivals, seq) > latencyUsOf(arrivals, before)) slowest.set(window, seq);
    }
    for (const [window, seq] of slowest) {
      const dueMs = dueMsOf(session, stream, seq);
      found[window]?.push({
        stream: name,
        waitMs: latencyUsOf(arrivals, seq) / 1000,
        dueMs,
        endMs: dueMs + (arrivals.latencyUs[seq] as number) / 1000,
      });
    }
  });
  return found;
}

/** The longest of some waits; undefined without any. */
export function longestOf<W extends Pick<Wait, 'waitMs'>>(waits: readonly W[]): W | undefined {
  return waits.reduce<W | undefined>(
    (longest, wait) => (longest !== undefined && longest.waitMs >= wait.waitMs ? longest : wait),
    undefined,
  );
}
