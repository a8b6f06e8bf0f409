/**
 * Latencies of answered arrivals, in quiet time and in restarts.
 *
 * Rule: from the due moment, so that a stalled server cannot hide its stall, less the harness's own lateness, which is
 * not the target's fault. Quantiles are exact (see quantile.ts).
 */
import { OUTCOMES } from '../../model/outcome.ts';
import type { Latency } from '../../model/result.ts';
import type { Arrivals } from '../fold/columns.ts';
import { ascendingOf, quantileOf } from '../../model/quantile.ts';
import type { SessionTally } from './tally.ts';

const ANSWERED = OUTCOMES.indexOf('answered');

/** Ascending latencies of one stream, in microseconds. */
export interface StreamLatencies {
  quietUs: Int32Array;
  restartUs: Int32Array;
}

/** Whether an arrival was answered. */
export function isAnswered(arrivals: Arrivals, seq: number): boolean {
  return arrivals.outcome[seq] === ANSWERED && arrivals.timesSeen[seq] !== 0;
}

/** How long an answer took, less the harness's lateness, in microseconds. */
export function latencyUsOf(arrivals: Arrivals, seq: number): number {
  return (arrivals.latencyUs[seq] as number) - Math.max(0, arrivals.lateUs[seq] as number);
}

/** The latencies of each stream of an arm, over all its sessions. */
export function latenciesOf(sessions: readonly SessionTally[]): Map<string, StreamLatencies> {
  const names = new Set(sessions.flatMap(({ session }) => session.streams.map(({ name }) => name)));
  return new Map(
    [...names].map((name) => [
      name,
      { quietUs: sortedOf(sessions, name, true), restartUs: sortedOf(sessions, name, false) },
    ]),
  );
}

function sortedOf(sessions: readonly SessionTally[], name: string, quiet: boolean): Int32Array {
  const parts = sessions.flatMap(({ session, slowPlacements }) =>
    session.streams.flatMap(({ name: other, arrivals }, position) => {
      if (other !== name) return [];
      const placement = slowPlacements[position] as Int32Array;
      const part = new Int32Array(arrivals.length);
      let length = 0;
      for (let seq = 0; seq < arrivals.length; seq += 1) {
        if ((placement[seq] === -1) === quiet && isAnswered(arrivals, seq)) part[length++] = latencyUsOf(arrivals, seq);
      }
      return [part.subarray(0, length)];
    }),
  );
  return ascendingOf(parts);
}

/** For each window of a session the ascending latencies of the answers to arrivals that touched it, in microseconds. */
export function windowLatenciesOf({ session, windows, slowPlacements }: SessionTally): Int32Array[] {
  const found = windows.map((): number[] => []);
  session.streams.forEach(({ arrivals }, position) => {
    const placement = slowPlacements[position] as Int32Array;
    for (let seq = 0; seq < arrivals.length; seq += 1) {
      if (isAnswered(arrivals, seq)) found[placement[seq] as number]?.push(latencyUsOf(arrivals, seq));
    }
  });
  return found.map((latencies) => Int32Array.from(latencies).sort());
}

/** The figures of several ascending or unordered parts together. */
export function latencyOf(parts: readonly Int32Array[]): Latency {
  const us = ascendingOf(parts);
  const ms = (q: number): number => quantileOf(us, q) / 1000;
  return { count: us.length, p50Ms: ms(0.5), p90Ms: ms(0.9), p99Ms: ms(0.99), p999Ms: ms(0.999), maxMs: ms(1) };
}
