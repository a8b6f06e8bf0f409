/**
 * Whether the streams that are to reuse connections ever did.
 *
 * Rule: one connection with two answers is reuse. Few answers on many connections tell nothing.
 */
import { outcomeAt } from '../fold/columns.ts';
import type { SessionRecording } from '../fold/recording.ts';

/** Of each stream with reused connections that never reused one, its name and how many requests were answered. */
export function neverReused(
  sessions: readonly SessionRecording[],
  connectionsOf: (stream: string) => number,
): { stream: string; answers: number }[] {
  const answersBy = new Map<string, number>();
  const reused = new Set<string>();
  for (const { streams } of sessions) {
    for (const { name, connection, arrivals } of streams) {
      if (connection !== 'reused') continue;
      const seen = new Set<number>();
      for (let seq = 0; seq < arrivals.length; seq += 1) {
        if (outcomeAt(arrivals, seq) !== 'answered') continue;
        const number = arrivals.connection[seq] as number;
        if (seen.has(number)) reused.add(name);
        seen.add(number);
      }
      answersBy.set(name, (answersBy.get(name) ?? 0) + seen.size);
    }
  }
  return [...answersBy]
    .filter(([stream, answers]) => !reused.has(stream) && answers > connectionsOf(stream))
    .map(([stream, answers]) => ({ stream, answers }));
}
