/**
 * Small logs for the rules of judgement.
 *
 * Rule: a test says what happens to arrivals by their due moment; everything else is a sound run of one arm, one second
 * of quiet around each restart, and 100 arrivals a second.
 */
import type { Event, EventOf, RestartMoment, Story } from '../../src/model/event.ts';
import type { InstanceId } from '../../src/model/instance-id.ts';
import { LOG_SCHEMA } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import { judgementOf, type Judgement } from '../../src/judge/judge.ts';
import { startRecording, type Recording } from '../../src/judge/fold/recording.ts';

/** What becomes of an arrival: an outcome, or the latency of its answer in ms, or null when the log lacks it. */
export type Fate = Outcome | number | null;

export interface LoggedStream {
  name: string;
  ratePerSecond: number;
  connection: 'new' | 'reused';
  firstDueMs: number;
  /** `dueMs` is ms since the start of the traffic, which is the run's start here. */
  fate: (dueMs: number, seq: number) => Fate;
}

export interface LogOptions {
  scenario?: Record<string, unknown>;
  arm?: string;
  session?: number;
  /**
   * Restart n is signalled at 2000 n + 1000 ms, gone 100 ms later, ready after 200, completed after 300, and settles
   * after 1000.
   */
  restarts?: number;
  moments?: (restart: number) => Partial<Record<RestartMoment, number>>;
  streams?: Partial<LoggedStream>[];
  fate?: LoggedStream['fate'];
  serving?: (restart: number, when: 'before' | 'after') => { instances: InstanceId[]; identities: string[] } | null;
  harness?: Partial<EventOf<'harness'>> | null;
  sentinelsDue?: number;
  /** Without it the traffic comes to no orderly end. */
  trafficEnd?: boolean;
  end?: boolean;
  /** Put before the end of the traffic. */
  more?: Event[];
}

/** Streams that reuse connections do so in turn. */
const REUSED_CONNECTIONS = 4;

export const TARGET = { command: 'node server.mjs' };

/** The id of instance n. */
export function idOf(n: number): InstanceId {
  return { key: `instance ${n}`, label: `pid ${100 + n}` };
}

/** A story of a request that was due at `dueMs` and ended `tookMs` later. */
export function story(dueMs: number, tookMs = 1, more: Partial<Story> = {}): Story {
  return { dueMs, sentMs: dueMs, endMs: dueMs + tookMs, connection: 1, ...more };
}

/** The scenario of most tests; `more` overrides its fields. */
export function scenarioOf(restarts: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'a-test',
    description: '',
    target: TARGET,
    restart: { strategy: 'stop-start', count: restarts, quiet: '1s' },
    ...more,
  };
}

export function headEvent(scenario: Record<string, unknown>): EventOf<'run'> {
  return {
    kind: 'run',
    schema: LOG_SCHEMA,
    zerodrop: '0.1.0',
    scenario,
    startedAt: '2024-01-01T00:00:00.000Z',
    seed: 1,
    command: 'zerodrop run a-test.yaml',
    environment: { node: 'v20', os: 'Linux', cpus: 2 },
  };
}

/** The events of one session, without the run's head and end. */
export function sessionEvents(options: LogOptions = {}): Event[] {
  const { session = 0, arm = 'default', restarts = 2, fate = () => 1 } = options;
  const untilMs = 2000 * restarts + 1000;
  const streams = (options.streams ?? [{}]).map((stream): LoggedStream => ({
    name: 'fresh',
    ratePerSecond: 100,
    connection: 'new',
    firstDueMs: 0,
    fate,
    ...stream,
  }));
  const events: Event[] = [
    { kind: 'session', session, arm, atMs: 0 },
    { kind: 'traffic', session, atMs: 0, streams: streams.map(({ fate: _, ...stream }) => stream), handshakeMs: 0.1 },
  ];
  const due: Record<string, number> = {};
  for (const stream of streams) {
    due[stream.name] = 0;
    for (let seq = 0; ; seq += 1) {
      const dueMs = stream.firstDueMs + (seq * 1000) / stream.ratePerSecond;
      if (dueMs >= untilMs) break;
      due[stream.name] = seq + 1;
      const became = stream.fate(dueMs, seq);
      if (became !== null) events.push(arrivalEvent(session, stream, seq, dueMs, became));
    }
  }
  for (let restart = 0; restart < restarts; restart += 1) {
    const at = 2000 * restart + 1000;
    const moments = options.moments?.(restart) ?? {
      began: at - 5,
      signalled: at,
      gone: at + 100,
      ready: at + 200,
      completed: at + 300,
      settled: at + 1000,
    };
    for (const [moment, atMs] of Object.entries(moments)) {
      events.push({ kind: 'restart', session, restart, moment: moment as RestartMoment, atMs });
    }
    for (const [n, when] of (['before', 'after'] as const).entries()) {
      const serving =
        options.serving === undefined
          ? { instances: [idOf(restart + n)], identities: [] }
          : options.serving(restart, when);
      if (serving !== null) events.push({ kind: 'serving', session, restart, when, ...serving });
    }
  }
  events.push(...(options.more ?? []));
  if (options.trafficEnd !== false) {
    events.push({ kind: 'traffic-end', session, atMs: untilMs, due, sentinelsDue: options.sentinelsDue ?? 0 });
  }
  if (options.harness !== null) {
    const health = {
      sendDelayP50Ms: 0.5,
      sendDelayP99Ms: 1,
      sendDelayMaxMs: 2,
      eventLoopDelayP99Ms: 1.5,
      eventLoopDelayMaxMs: 3,
      agentCpuMs: 10,
    };
    events.push({ kind: 'harness', session, ...health, ...options.harness });
  }
  return events;
}

/** A whole log. */
export function logOf(options: LogOptions = {}): Event[] {
  const end: Event[] = options.end === false ? [] : [{ kind: 'end', atMs: 100_000 }];
  return [headEvent(options.scenario ?? scenarioOf(options.restarts ?? 2)), ...sessionEvents(options), ...end];
}

export function recordingOf(events: readonly Event[]): Recording {
  const recording = startRecording();
  for (const event of events) recording.add(event);
  return recording.finish();
}

export function judged(options: LogOptions = {}): Judgement {
  return judgementOf(recordingOf(logOf(options)));
}

/** The codes of the findings of a judgement. */
export function codesOf({ result }: Judgement): string[] {
  return result.findings.map(({ code }) => code);
}

/** Whether a moment lies within `[fromMs, toMs)` after the signal of a restart of {@link sessionEvents}. */
export function sinceSignal(dueMs: number, fromMs: number, toMs: number): boolean {
  const ms = (dueMs + 1000) % 2000;
  return dueMs >= 1000 && ms >= fromMs && ms < toMs;
}

function arrivalEvent(
  session: number,
  { name: stream, connection }: LoggedStream,
  seq: number,
  dueMs: number,
  became: Outcome | number,
): Event {
  if (typeof became === 'string' && became !== 'answered') {
    return { kind: 'failure', session, stream, seq, outcome: became, story: story(dueMs) };
  }
  const latencyUs = (typeof became === 'number' ? became : 1) * 1000;
  return {
    kind: 'answered',
    session,
    stream,
    seq: [seq],
    lateUs: [0],
    waitUs: [100],
    firstByteUs: [latencyUs],
    latencyUs: [latencyUs],
    connection: [connection === 'reused' ? seq % REUSED_CONNECTIONS : seq],
  };
}
