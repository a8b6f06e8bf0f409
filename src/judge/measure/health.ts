/**
 * The harness's own health.
 *
 * Rule: it is taken from what the agent measured itself. Where a broken-off log has no such figures, the send delays
 * are those of its arrivals, and the event loop's delay, which nobody measured, is 0.
 */
import type { Harness } from '../../model/result.ts';
import { ascendingOf, quantileOf } from '../../model/quantile.ts';
import type { SessionRecording } from '../fold/recording.ts';

/** The health of one arm's sessions together: the worst delays, the sum of what was not sent. */
export function healthOf(sessions: readonly SessionRecording[], unsent: number): Harness {
  const all = sessions.map((session): Harness => {
    const told = session.harness;
    const late = told.length === 0 ? latenessUsOf(session) : new Int32Array();
    return {
      sendDelayP50Ms: Math.max(quantileOf(late, 0.5) / 1000, ...told.map(({ sendDelayP50Ms }) => sendDelayP50Ms)),
      sendDelayP99Ms: Math.max(quantileOf(late, 0.99) / 1000, ...told.map(({ sendDelayP99Ms }) => sendDelayP99Ms)),
      eventLoopDelayP99Ms: Math.max(0, ...told.map(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms)),
      unsent: 0,
    };
  });
  return { ...worstHealthOf(all), unsent };
}

/** The worst of several: greatest delays, and all that was not sent. */
export function worstHealthOf(all: readonly Harness[]): Harness {
  const worst: Harness = { sendDelayP50Ms: 0, sendDelayP99Ms: 0, eventLoopDelayP99Ms: 0, unsent: 0 };
  for (const one of all) {
    worst.sendDelayP50Ms = Math.max(worst.sendDelayP50Ms, one.sendDelayP50Ms);
    worst.sendDelayP99Ms = Math.max(worst.sendDelayP99Ms, one.sendDelayP99Ms);
    worst.eventLoopDelayP99Ms = Math.max(worst.eventLoopDelayP99Ms, one.eventLoopDelayP99Ms);
    worst.unsent += one.unsent;
  }
  return worst;
}

function latenessUsOf(session: SessionRecording): Int32Array {
  const parts = session.streams.map(({ arrivals }) =>
    arrivals.lateUs.filter((_, seq) => arrivals.timesSeen[seq] !== 0),
  );
  return ascendingOf(parts);
}
