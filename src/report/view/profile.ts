/**
 * All restarts of an arm overlaid: what became of the requests that were due so many ms after the signal.
 *
 * Rule: by the moment a request was due, never by the moment of its answer, so that a share can be told.
 */
import { dueCountBy, dueMsOf, type SessionRecording, type StreamRecording } from '../../judge/fold/recording.ts';
import { OUTCOMES } from '../../model/outcome.ts';
import { bucketWidthMs, medianOf } from './series.ts';
import type { Profile, RestartView } from './view.ts';

const MOST_BUCKETS = 160;
const ANSWERED = OUTCOMES.indexOf('answered');
const UNSENT = OUTCOMES.indexOf('unsent');

interface Bucket {
  due: number;
  latenciesMs: number[];
}

/** The profile of an arm, from the earliest start of a window to the latest end, both counted from the signal. */
export function profileOf(
  sessions: readonly SessionRecording[],
  restarts: readonly Pick<RestartView, 'signalledAtMs' | 'fromMs' | 'toMs'>[],
  ratePerSecond: number,
): Profile {
  const fromMs = restarts.reduce((least, restart) => Math.min(least, restart.fromMs - restart.signalledAtMs), 0);
  const toMs = restarts.reduce((most, restart) => Math.max(most, restart.toMs - restart.signalledAtMs), 0);
  const bucketMs = bucketWidthMs(toMs - fromMs, ratePerSecond * restarts.length, MOST_BUCKETS);
  const buckets = Array.from({ length: Math.ceil((toMs - fromMs) / bucketMs) }, (): Bucket => ({
    due: 0,
    latenciesMs: [],
  }));
  for (const { signalledAtMs, fromMs: since, toMs: until } of restarts) {
    for (const session of sessions) {
      for (const stream of session.streams) {
        for (const seq of seqsBetween(session, stream, since, until)) {
          const outcome = stream.arrivals.timesSeen[seq] === 0 ? UNSENT : stream.arrivals.outcome[seq];
          const bucket = buckets[Math.floor((dueMsOf(session, stream, seq) - signalledAtMs - fromMs) / bucketMs)];
          if (outcome === UNSENT || bucket === undefined) continue;
          bucket.due += 1;
          if (outcome === ANSWERED) bucket.latenciesMs.push((stream.arrivals.latencyUs[seq] ?? 0) / 1000);
        }
      }
    }
  }
  return {
    fromMs,
    bucketMs,
    answeredShare: buckets.map(({ due, latenciesMs }) => (due === 0 ? null : latenciesMs.length / due)),
    medianMs: buckets.map(({ latenciesMs }) => medianOf(latenciesMs)),
    worstMs: buckets.map(({ latenciesMs }) =>
      latenciesMs.length === 0 ? null : latenciesMs.reduce((worst, ms) => Math.max(worst, ms), 0),
    ),
  };
}

/** The arrivals of a stream that were due from one moment to another. */
function* seqsBetween(
  session: SessionRecording,
  stream: StreamRecording,
  fromMs: number,
  toMs: number,
): Generator<number> {
  const end = Math.min(stream.arrivals.length, dueCountBy(session, stream, toMs));
  for (let seq = dueCountBy(session, stream, fromMs); seq < end; seq += 1) yield seq;
}
