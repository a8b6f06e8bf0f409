/**
 * The answers of an arm in buckets: what was offered, what was answered, and how long it took.
 *
 * Rule: answers are thinned out here and nowhere else. A bucket keeps its worst answer, so none hides a spike; failures
 * are not touched.
 */
import type { Arrivals } from '../../judge/fold/columns.ts';
import { dueMsOf, type SessionRecording, type StreamRecording } from '../../judge/fold/recording.ts';
import { OUTCOMES } from '../../model/outcome.ts';
import type { Series } from './view.ts';

/** A stretch of the run, ms since its start. */
export interface Range {
  fromMs: number;
  toMs: number;
}

const WIDTHS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const ANSWERED = OUTCOMES.indexOf('answered');
const FEWEST_IN_BUCKET = 15;

/**
 * The width of a bucket in which at least some requests are due, and of which no more than `mostBuckets` fill
 * `totalMs`.
 */
export function bucketWidthMs(totalMs: number, ratePerSecond: number, mostBuckets: number): number {
  const needed = Math.max(totalMs / mostBuckets, ratePerSecond > 0 ? (FEWEST_IN_BUCKET * 1000) / ratePerSecond : 0);
  return WIDTHS_MS.find((width) => width >= needed) ?? Math.ceil(needed);
}

interface Bucket {
  answered: number;
  latenciesMs: number[];
}

/** One series for each range, in their order. Ranges may not overlap; they are in the order of time. */
export function seriesOf(sessions: readonly SessionRecording[], ranges: readonly Range[], bucketMs: number): Series[] {
  const buckets = ranges.map(({ fromMs, toMs }) =>
    Array.from({ length: Math.max(1, Math.floor((toMs - fromMs) / bucketMs)) }, (): Bucket => ({
      answered: 0,
      latenciesMs: [],
    })),
  );
  const bucketAt = (atMs: number): Bucket | undefined => {
    const position = lastBefore(ranges, atMs);
    const range = ranges[position];
    return range === undefined ? undefined : buckets[position]?.[Math.floor((atMs - range.fromMs) / bucketMs)];
  };
  for (const session of sessions) {
    for (const stream of session.streams) {
      for (let seq = 0; seq < stream.arrivals.length; seq += 1) {
        if (!isAnswered(stream.arrivals, seq)) continue;
        const dueMs = dueMsOf(session, stream, seq);
        const latencyMs = (stream.arrivals.latencyUs[seq] ?? 0) / 1000;
        bucketAt(dueMs)?.latenciesMs.push(latencyMs);
        const ended = bucketAt(dueMs + latencyMs);
        if (ended !== undefined) ended.answered += 1;
      }
    }
  }
  return ranges.map(({ fromMs }, position) => {
    const own = buckets[position] ?? [];
    const offered = own.map((_, index) => offeredAt(sessions, fromMs + (index + 0.5) * bucketMs));
    return {
      fromMs,
      bucketMs,
      offeredPerSecond: offered,
      answeredPerSecond: own.map(({ answered }, index) =>
        offered[index] === null && answered === 0 ? null : (answered * 1000) / bucketMs,
      ),
      medianMs: own.map(({ latenciesMs }) => medianOf(latenciesMs)),
      worstMs: own.map(({ latenciesMs }) =>
        latenciesMs.length === 0 ? null : latenciesMs.reduce((worst, ms) => Math.max(worst, ms), 0),
      ),
    };
  });
}

/** Position of the last range that begins at or before a moment; -1 when there is none. */
function lastBefore(ranges: readonly Range[], atMs: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as Range).fromMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function isAnswered(arrivals: Arrivals, seq: number): boolean {
  return arrivals.timesSeen[seq] !== 0 && arrivals.outcome[seq] === ANSWERED;
}

/** When a stream's traffic ran, ms since the run's start. */
export function spanOf(session: SessionRecording, stream: StreamRecording): Range {
  return { fromMs: dueMsOf(session, stream, 0), toMs: dueMsOf(session, stream, stream.arrivals.length) };
}

/** What the streams that ran at a moment offered; null when none did. */
function offeredAt(sessions: readonly SessionRecording[], atMs: number): number | null {
  let total: number | null = null;
  for (const session of sessions) {
    for (const stream of session.streams) {
      const { fromMs, toMs } = spanOf(session, stream);
      if (atMs >= fromMs && atMs < toMs) total = (total ?? 0) + stream.ratePerSecond;
    }
  }
  return total;
}

/** The middle value, which sorts them; null when there is none. */
export function medianOf(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((one, other) => one - other);
  return values[values.length >> 1] ?? null;
}
