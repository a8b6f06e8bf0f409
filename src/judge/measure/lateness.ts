/**
 * Whether a request met the end of its connection because zerodrop itself was late.
 *
 * Rule: a client on time is the yardstick. It would have written sooner, or have seen the end before it wrote; so a
 * race, a reset or a close is held against zerodrop when its connection was open, and nothing was written, while
 * zerodrop stalled for 50 ms or more. All else that is lost is lost however late we were: nobody listened at that
 * moment, or the server had the request and dropped it.
 *
 * How late it was at a moment is told by the arrivals: what was due before, and was sent after it.
 */
import type { Story } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { outcomeAt } from '../fold/columns.ts';
import { dueMsOf, storyAtMs, type SessionRecording } from '../fold/recording.ts';

/** Less than this is told of no failure: a client on a busy machine is as late. */
export const LATE_MS = 50;
/** What one tick of the agent sends, it sends within so long. */
const TICK_MS = 2;
/** The end of a connection may be our lateness. */
const MAY_BE_OURS: ReadonlySet<Outcome> = new Set(['raced', 'reset', 'closed']);

/** A time in which arrivals were due and not sent, ms since the run's start. */
export interface HeldUp {
  fromMs: number;
  toMs: number;
}

/** The times in which the agent stalled for {@link LATE_MS} or more, in their order. */
export function heldUpIn(session: SessionRecording): HeldUp[] {
  const late = session.streams.flatMap((stream) => {
    const { arrivals } = stream;
    const found: HeldUp[] = [];
    for (let seq = 0; seq < arrivals.length; seq += 1) {
      // What was given up unsent was late until then.
      const givenUp = outcomeAt(arrivals, seq) === 'unsent' && arrivals.connection[seq] === -1;
      const lateMs = ((givenUp ? arrivals.latencyUs[seq] : arrivals.lateUs[seq]) as number) / 1000;
      if (lateMs < LATE_MS) continue;
      const fromMs = dueMsOf(session, stream, seq);
      found.push({ fromMs, toMs: fromMs + lateMs });
    }
    return found;
  });
  const heldUp: HeldUp[] = [];
  for (const { fromMs, toMs } of late.sort((one, other) => one.toMs - other.toMs)) {
    const last = heldUp.at(-1);
    if (last !== undefined && toMs - last.toMs <= TICK_MS) {
      last.fromMs = Math.min(last.fromMs, fromMs);
      last.toMs = toMs;
    } else {
      heldUp.push({ fromMs, toMs });
    }
  }
  return heldUp;
}

/**
 * For how long zerodrop stalled while the connection of a request was open and the request was not yet written, ms;
 * 0 when that is no cause of its end.
 */
export function heldUpMs(session: SessionRecording, heldUp: readonly HeldUp[], outcome: Outcome, story: Story): number {
  if (heldUp.length === 0 || !MAY_BE_OURS.has(outcome)) return 0;
  // Written in part: the server had begun to read it.
  if (story.writtenMs === undefined && (story.bytesWritten ?? 0) > 0) return 0;
  const writtenMs = story.writtenMs ?? story.endMs;
  const openedMs = story.connectMs ?? writtenMs - (story.ageMs ?? 0);
  const [openedAtMs, writtenAtMs] = [openedMs, writtenMs].map((ms) => storyAtMs(session, ms)) as [number, number];
  const during = heldUp.find(({ toMs }) => toMs + TICK_MS >= writtenAtMs);
  if (during === undefined) return 0;
  const ms = Math.min(writtenAtMs, during.toMs) - Math.max(openedAtMs, during.fromMs);
  return ms >= LATE_MS ? ms : 0;
}
