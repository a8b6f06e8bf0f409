/**
 * One stream of arrivals: sends each when it is due, and enters exactly one outcome for it.
 *
 * Rule: the schedule is fixed in advance and nothing that the target does can bend it. What is late by our own fault
 * waits for an idle connection as long again as it is late: a connection costs ten times a request, so that a burst
 * that opens one for each arrival makes the next burst larger. What the harness itself could not send within 250 ms is
 * `unsent`, never sent late in a burst; so is what timed out while the harness stood still. Nothing is repeated,
 * unless the scenario models clients that repeat an idempotent request once, on a new connection, when a reused one
 * ended without an answer (RFC 9110, 9.2.2), or any request that HTTP/2 says was not processed.
 */
import { dueCountBy, dueMsOf, seqOf } from '../model/pacing.ts';
import type { PlannedStream } from '../model/plan.ts';
import { isRepeatable, outcomeOf, type Classified } from './classify.ts';
import type { Client, Observation } from './client.ts';
import type { Recorder } from './recorder.ts';
import { storyOf } from './story.ts';

/** Later than this an arrival is not sent any more, ms. */
export const LATEST_SEND_MS = 250;

/** An arrival that leaves so late at most is on time, ms: the timer is that coarse. */
const ON_TIME_MS = 2;

/** Methods that RFC 9110, 9.2.2 calls idempotent. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

export interface ArrivalsOptions {
  stream: PlannedStream;
  client: Client;
  retry: 'none' | 'idempotent';
  recorder: Recorder;
  /** ms since the plan's start. */
  now: () => number;
  /** Told how late each arrival left (or was given up), ms. */
  late: (lateMs: number) => void;
}

export interface Arrivals {
  /** Sends all that is due now. */
  tick(): void;
  /** When the next arrival is due; Infinity once the last has been sent. */
  readonly nextDueMs: number;
  /** No arrival that is due at `atMs` or later is sent. */
  endAt(atMs: number): void;
  /** Arrivals due before the end, as pacing counts them; 0 as long as no end is set. */
  readonly due: number;
  /** All that was due has its outcome. */
  readonly settled: boolean;
}

/** An arrival that is late by our own fault. */
interface Held {
  seq: number;
  dueMs: number;
  /** From then on it no longer waits for an idle connection. */
  untilMs: number;
}

/** Drives one stream; the owner of the timer calls `tick` when something is due, and ten times a second at least. */
export function openArrivals({ stream, client, retry, recorder, now, late }: ArrivalsOptions): Arrivals {
  const expectation = stream.request.expect;
  const isIdempotent = IDEMPOTENT.has(stream.request.method);
  const records = recorder.stream(stream.name);
  let next = 0;
  let nextDueMs = dueMsOf(stream, 0);
  let end = Infinity;
  let settledCount = 0;
  /** The earliest due first. */
  const held: Held[] = [];
  /** The last time that the harness itself stood still for too long. */
  const pause = { fromMs: -Infinity, toMs: -Infinity };
  let lastTickMs = Infinity;

  function noticePause(atMs: number): void {
    if (atMs - lastTickMs <= LATEST_SEND_MS) return;
    pause.fromMs = lastTickMs;
    pause.toMs = atMs;
  }

  /** A timeout proves nothing when the harness stood still while the request was under way. */
  function verdictOf(seen: Observation): Classified {
    const verdict = outcomeOf(seen, expectation);
    if (verdict.outcome !== 'timeout') return verdict;
    // After a standstill, a client's deadlines may come before our tick.
    noticePause(seen.endMs);
    if (pause.toMs < seen.dueMs) return verdict;
    return {
      outcome: 'unsent',
      note:
        `The harness stood still for ${Math.round(pause.toMs - pause.fromMs)} ms while this request was under ` +
        'way, so that it timed out.',
    };
  }

  function settle(seen: Observation, retries: number): void {
    const verdict = verdictOf(seen);
    const { outcome, note } = verdict;
    const seq = seqOf(stream, seen.dueMs);
    // What was not processed may be repeated whatever it was (RFC 9113 8.7).
    const mayRepeat = retry === 'idempotent' && (isIdempotent || seen.unprocessed !== undefined);
    if (retries === 0 && mayRepeat && isRepeatable(seen, verdict)) {
      // Lateness is the harness's own and belongs to the first try.
      client.send(seen.dueMs, (again) => settle({ ...again, sentMs: seen.sentMs }, 1), true);
      return;
    }
    settledCount += 1;
    if (outcome === 'answered') {
      records.answered(seq, seen, retries);
      return;
    }
    const identity = seen.identity === undefined ? undefined : recorder.identityIndex(seen.identity);
    records.failed(seq, outcome, storyOf(seen, retries, identity, note));
  }

  /** One function for all arrivals of the stream: the due moment tells which one it was. */
  const done = (seen: Observation): void => settle(seen, 0);

  const hasRoom = (): boolean => (client.free ?? Infinity) > 0;

  function send(seq: number, dueMs: number, atMs: number): void {
    late(atMs - dueMs);
    if (atMs - dueMs > LATEST_SEND_MS) giveUp(seq, dueMs, atMs);
    else client.send(dueMs, done);
  }

  /** In turn. Those on time went before them: they would open a connection where these can wait. */
  function sendHeld(): void {
    for (let [first] = held; first !== undefined; [first] = held) {
      const atMs = now();
      if (!hasRoom() && atMs < first.untilMs) return;
      held.shift();
      send(first.seq, first.dueMs, atMs);
    }
  }

  function giveUp(seq: number, dueMs: number, atMs: number): void {
    settledCount += 1;
    const note =
      `The harness was ${Math.round(atMs - dueMs)} ms late; after ${LATEST_SEND_MS} ms an arrival is not sent ` +
      'any more.';
    records.failed(seq, 'unsent', { dueMs, endMs: atMs, connection: -1, ending: 'never', note });
  }

  return {
    tick() {
      const tickMs = now();
      noticePause(tickMs);
      lastTickMs = tickMs;
      // What becomes due meanwhile waits for the next tick: answers that are there must be read in between, or an
      // overload would feed itself.
      for (let atMs = tickMs; nextDueMs <= tickMs && next < end; atMs = now()) {
        const dueMs = nextDueMs;
        const seq = next;
        next += 1;
        nextDueMs = dueMsOf(stream, next);
        const lateMs = atMs - dueMs;
        if (lateMs <= ON_TIME_MS || lateMs > LATEST_SEND_MS || hasRoom()) send(seq, dueMs, atMs);
        else held.push({ seq, dueMs, untilMs: Math.min(atMs + lateMs, dueMs + LATEST_SEND_MS) });
      }
      sendHeld();
    },
    get nextDueMs() {
      if (held.length > 0) return 0;
      return next < end ? nextDueMs : Infinity;
    },
    endAt(atMs) {
      end = Math.max(next, dueCountBy(stream, atMs));
    },
    get due() {
      return end === Infinity ? 0 : end;
    },
    get settled() {
      return settledCount === end;
    },
  };
}
