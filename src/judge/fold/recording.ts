/**
 * The log folded into memory: what judging and reports read.
 *
 * Rule: nothing is judged or left out here, and the order of the events within a session does not matter, except that a
 * session and its traffic come before what belongs to them. Moments named `atMs` are ms since the run's start.
 */
import type { Event, EventOf, RestartMoment } from '../../model/event.ts';
import * as pacing from '../../model/pacing.ts';
import { arrivalOf, GrowingArrivals, type Arrivals } from './columns.ts';

/** A whole run. */
export interface Recording {
  head: EventOf<'run'>;
  /** In the order of their start. */
  sessions: SessionRecording[];
  controls: EventOf<'control'>[];
  /** When the user ended the run early; null when nobody did. */
  interruptedAtMs: number | null;
  /** Null when the log breaks off. */
  endAtMs: number | null;
  /** The log is as it was written: a contradiction in it is a bug of ours. */
  sealed: boolean;
}

/** One start of one arm's target, with traffic and some restarts. */
export interface SessionRecording {
  session: number;
  arm: string;
  atMs: number;
  /** The latest moment that the log tells of this session. */
  lastAtMs: number;
  /** Null when no traffic was started. */
  traffic: { atMs: number; handshakeMs: number } | null;
  /** Null when the traffic did not come to an orderly end. */
  trafficEnd: { atMs: number; due: Record<string, number>; sentinelsDue: number } | null;
  streams: StreamRecording[];
  /** Every arrival that was not answered, in the order of the log. */
  failures: EventOf<'failure'>[];
  sentinels: EventOf<'sentinel'>[];
  /** Identities by their index. */
  identities: string[];
  instances: EventOf<'instance'>[];
  restarts: RestartRecording[];
  shams: ShamRecording[];
  samples: EventOf<'sample'>[];
  /**
   * After which restart the session was ended because something had been dropped, as the user asked; null when it was
   * not.
   */
  bailedAfter: number | null;
  facts: EventOf<'fact'>[];
  /** Steps of canaries. */
  canaries: EventOf<'canary'>[];
  harness: EventOf<'harness'>[];
  /** How busy the machine was, look by look; none in logs of before, and where the kernel does not say. */
  machine: EventOf<'machine'>[];
  pressure: EventOf<'pressure'>[];
}

/** One stream of arrivals. Arrival `seq` was due at `dueMsOf(session, stream, seq)`. */
export interface StreamRecording {
  name: string;
  ratePerSecond: number;
  /** ms since the start of the session's traffic. */
  firstDueMs: number;
  connection: 'new' | 'reused';
  arrivals: Arrivals;
}

/** One restart. */
export interface RestartRecording {
  session: number;
  /** Its number in the log, unique in its session. */
  restart: number;
  /** Its number in its arm, from 0 in the order of the sessions: what results and reports show. */
  index: number;
  /** ms since the run's start; absent when never reached. */
  moments: Partial<Record<RestartMoment, number>>;
  steps: EventOf<'step'>[];
  before: EventOf<'serving'> | null;
  after: EventOf<'serving'> | null;
}

/** One sham restart; moments as in {@link RestartRecording}. */
export interface ShamRecording {
  restart: number;
  moments: Partial<Record<EventOf<'sham'>['moment'], number>>;
}

/** When an arrival was due, ms since the run's start. */
export function dueMsOf(session: SessionRecording, stream: pacing.Pace, seq: number): number {
  return storyAtMs(session, pacing.dueMsOf(stream, seq));
}

/** Number of arrivals due strictly before a moment, ms since the run's start; also the first one due then or later. */
export function dueCountBy(session: SessionRecording, stream: pacing.Pace, atMs: number): number {
  return pacing.dueCountBy(stream, atMs - storyAtMs(session, 0));
}

/** A moment of a story as ms since the run's start. */
export function storyAtMs(session: SessionRecording, storyMs: number): number {
  return (session.traffic?.atMs ?? session.atMs) + storyMs;
}

/**
 * Begins a recording. `add` takes the events of a log in their order; it and `finish` throw when the log cannot be from
 * zerodrop.
 */
export function startRecording(): { add(event: Event): void; finish(): Recording } {
  const sessions = new Map<number, SessionRecording>();
  const columns = new Map<StreamRecording, GrowingArrivals>();
  const controls: EventOf<'control'>[] = [];
  let head: EventOf<'run'> | undefined;
  let interruptedAtMs: number | null = null;
  let endAtMs: number | null = null;
  let sealed = false;

  const sessionOf = (event: { kind: string; session: number; atMs?: number }): SessionRecording => {
    const session = sessions.get(event.session);
    if (session === undefined) {
      throw new Error(`the log names session ${event.session} (${event.kind}) before it began`);
    }
    session.lastAtMs = Math.max(session.lastAtMs, event.atMs ?? 0);
    return session;
  };
  const columnsOf = (event: { session: number; stream: string; kind: string }): GrowingArrivals => {
    const stream = sessionOf(event).streams.find(({ name }) => name === event.stream);
    const found = stream && columns.get(stream);
    if (found === undefined) {
      throw new Error(
        `the log has an arrival of stream ${event.stream} in session ${event.session}, which has no such stream`,
      );
    }
    return found;
  };

  const add = (event: Event): void => {
    switch (event.kind) {
      case 'run':
        head = event;
        return;
      case 'session':
        sessions.set(event.session, emptySession(event));
        return;
      case 'traffic': {
        const session = sessionOf(event);
        session.traffic = { atMs: event.atMs, handshakeMs: event.handshakeMs };
        for (const stream of event.streams) {
          const recorded: StreamRecording = { ...stream, arrivals: new GrowingArrivals().finished() };
          session.streams.push(recorded);
          columns.set(recorded, new GrowingArrivals());
        }
        return;
      }
      case 'answered': {
        const into = columnsOf(event);
        for (let row = 0; row < event.seq.length; row += 1) {
          into.enter(event.seq[row] as number, {
            outcome: 'answered',
            lateUs: event.lateUs[row] ?? -1,
            waitUs: event.waitUs[row] ?? -1,
            firstByteUs: event.firstByteUs[row] ?? -1,
            latencyUs: event.latencyUs[row] ?? -1,
            connection: event.connection[row] ?? -1,
            identity: event.identity?.[row] ?? -1,
            retries: event.retries?.[row] ?? 0,
          });
        }
        return;
      }
      case 'failure':
        columnsOf(event).enter(event.seq, arrivalOf(event.outcome, event.story));
        sessionOf(event).failures.push(event);
        return;
      case 'sentinel':
        sessionOf(event).sentinels.push(event);
        return;
      case 'identity':
        sessionOf(event).identities[event.index] = event.value;
        return;
      case 'traffic-end':
        sessionOf(event).trafficEnd = { atMs: event.atMs, due: event.due, sentinelsDue: event.sentinelsDue };
        return;
      case 'instance':
        sessionOf(event).instances.push(event);
        return;
      case 'harness':
        sessionOf(event).harness.push(event);
        return;
      case 'machine':
        sessionOf(event).machine.push(event);
        return;
      case 'restart':
        restartOf(sessionOf(event), event.restart).moments[event.moment] = event.atMs;
        return;
      case 'step':
        restartOf(sessionOf(event), event.restart).steps.push(event);
        return;
      case 'serving':
        restartOf(sessionOf(event), event.restart)[event.when] = event;
        return;
      case 'fact':
        sessionOf(event).facts.push(event);
        return;
      case 'canary':
        sessionOf(event).canaries.push(event);
        return;
      case 'pressure':
        sessionOf(event).pressure.push(event);
        return;
      case 'control':
        controls.push(event);
        return;
      case 'sham':
        shamOf(sessionOf(event), event.restart).moments[event.moment] = event.atMs;
        return;
      case 'sample':
        sessionOf(event).samples.push(event);
        return;
      case 'bailed':
        sessionOf(event).bailedAfter = event.restart;
        return;
      case 'interrupted':
        interruptedAtMs = event.atMs;
        return;
      case 'end':
        endAtMs = event.atMs;
        sealed = event.seal !== undefined;
        return;
    }
  };

  const finish = (): Recording => {
    if (head === undefined) throw new Error('the log does not begin with its run');
    for (const [stream, growing] of columns) stream.arrivals = growing.finished();
    const ordered = [...sessions.values()];
    numberRestarts(ordered);
    return { head, sessions: ordered, controls, interruptedAtMs, endAtMs, sealed };
  };
  return { add, finish };
}

function emptySession({ session, arm, atMs }: EventOf<'session'>): SessionRecording {
  const lists = {
    streams: [],
    failures: [],
    sentinels: [],
    identities: [],
    instances: [],
    restarts: [],
    shams: [],
    samples: [],
    facts: [],
    canaries: [],
    harness: [],
    machine: [],
    pressure: [],
  };
  return { session, arm, atMs, lastAtMs: atMs, traffic: null, trafficEnd: null, bailedAfter: null, ...lists };
}

function restartOf(session: SessionRecording, restart: number): RestartRecording {
  const known = session.restarts.find((other) => other.restart === restart);
  if (known !== undefined) return known;
  const fresh: RestartRecording = {
    session: session.session,
    restart,
    index: restart,
    moments: {},
    steps: [],
    before: null,
    after: null,
  };
  session.restarts.push(fresh);
  return fresh;
}

function shamOf(session: SessionRecording, restart: number): ShamRecording {
  const known = session.shams.find((other) => other.restart === restart);
  if (known !== undefined) return known;
  const fresh: ShamRecording = { restart, moments: {} };
  session.shams.push(fresh);
  return fresh;
}

/** Restarts are numbered through their arm, whichever session they happened in. */
function numberRestarts(sessions: SessionRecording[]): void {
  const next = new Map<string, number>();
  for (const { arm, restarts } of sessions) {
    restarts.sort((one, other) => one.restart - other.restart);
    for (const restart of restarts) {
      restart.index = next.get(arm) ?? 0;
      next.set(arm, restart.index + 1);
    }
  }
}
