/**
 * A judgement from a log as a run writes it: one arm, three restarts, the second of which drops requests.
 *
 * Rule: everything in between is the real thing, so that the reports are tested with what the judge really says.
 */
import { judgementOf, type Judgement } from '../../src/judge/judge.ts';
import { startRecording } from '../../src/judge/fold/recording.ts';
import { LOG_SCHEMA, type Event } from '../../src/model/event.ts';
import { idOf } from '../judge/log.ts';
import type { Outcome } from '../../src/model/outcome.ts';

const RATE = 200;
const SECONDS = 12;
export const RESTARTS_AT_MS = [2000, 5000, 8000];
const TRAFFIC_AT_MS = 500;

/** Text that a hostile target or scenario might send. */
export const HOSTILE =
  `</script><script>alert(1)</script>"'>` + `<img src=x onerror=alert(2)>\u2028\${x}|[a](http://b)\u001b[31m@team`;

/** The judgement of such a run; `note` is put where a target's words would stand. */
export function recordedJudgement(note = 'connect ECONNREFUSED'): Judgement {
  const recording = startRecording();
  for (const event of eventsOf(note)) recording.add(event);
  return judgementOf(recording.finish());
}

function eventsOf(note: string): Event[] {
  const session = 0;
  const refused = new Set(
    [...Array(40).keys()].map((n) => ((RESTARTS_AT_MS[1] as number) - TRAFFIC_AT_MS) * (RATE / 1000) + 2 + n),
  );
  const due = RATE * SECONDS;
  const answered = [...Array(due).keys()].filter((seq) => !refused.has(seq));
  const columns = (value: number): number[] => answered.map((seq) => value + (seq % 7) * 10);
  return [
    {
      kind: 'run',
      schema: LOG_SCHEMA,
      zerodrop: '0.1.0',
      scenario: {
        name: 'recorded',
        description: note,
        arms: {
          default: {
            target: { command: 'node server.mjs', environment: { API_TOKEN: 'hush', MODE: 'fast' } },
            restart: { strategy: 'stop-start', count: 3, quiet: '1s' },
            traffic: { arrivals: { fresh: { rate: `${RATE}/s`, headers: { Authorization: 'Bearer hush' } } } },
            thresholds: { gap: '100ms' },
          },
        },
      },
      startedAt: '2026-03-04T10:20:30.000Z',
      seed: 42,
      command: `zerodrop run ${note}`,
      environment: { node: 'v20.20.2', os: 'Linux 6.1', cpus: 2 },
    },
    { kind: 'session', session, arm: 'default', atMs: 0 },
    {
      kind: 'instance',
      session,
      atMs: 10,
      instance: 0,
      state: 'started',
      id: idOf(0),
    },
    {
      kind: 'traffic',
      session,
      atMs: TRAFFIC_AT_MS,
      streams: [{ name: 'fresh', ratePerSecond: RATE, firstDueMs: 0, connection: 'new' }],
      handshakeMs: 0.2,
    },
    {
      kind: 'answered',
      session,
      stream: 'fresh',
      seq: answered,
      lateUs: columns(100),
      waitUs: columns(0),
      firstByteUs: columns(900),
      latencyUs: columns(1000),
      connection: answered,
    },
    ...[...refused].map((seq, n): Event => ({
      kind: 'failure',
      session,
      stream: 'fresh',
      seq,
      outcome: (n === 0 ? 'reset' : 'refused') satisfies Outcome,
      story: {
        dueMs: (seq * 1000) / RATE,
        sentMs: (seq * 1000) / RATE + 0.1,
        connectMs: (seq * 1000) / RATE + 0.2,
        ...(n === 0 ? { connectedMs: (seq * 1000) / RATE + 0.4, writtenMs: (seq * 1000) / RATE + 0.5 } : {}),
        endMs: (seq * 1000) / RATE + 0.9,
        connection: n === 0 ? seq : -1,
        uses: 0,
        errno: n === 0 ? 'ECONNRESET' : 'ECONNREFUSED',
        note,
      },
    })),
    ...RESTARTS_AT_MS.flatMap((atMs, restart): Event[] => [
      {
        kind: 'serving',
        session,
        restart,
        when: 'before',
        instances: [idOf(restart)],
        identities: [],
      },
      { kind: 'restart', session, restart, moment: 'began', atMs: atMs - 1 },
      { kind: 'restart', session, restart, moment: 'signalled', atMs },
      { kind: 'restart', session, restart, moment: 'not-accepting', atMs: atMs + 4 },
      { kind: 'restart', session, restart, moment: 'gone', atMs: atMs + 50 },
      { kind: 'restart', session, restart, moment: 'listening', atMs: atMs + 190 },
      { kind: 'restart', session, restart, moment: 'ready', atMs: atMs + 220 },
      { kind: 'restart', session, restart, moment: 'completed', atMs: atMs + 230 },
      { kind: 'restart', session, restart, moment: 'settled', atMs: atMs + 1200 },
      { kind: 'step', session, restart, index: 0, text: 'stop SIGTERM', atMs, tookMs: 50 },
      { kind: 'step', session, restart, index: 1, text: 'start', atMs: atMs + 50, tookMs: 180 },
      {
        kind: 'serving',
        session,
        restart,
        when: 'after',
        instances: [idOf(restart + 1)],
        identities: [],
      },
      {
        kind: 'sentinel',
        session,
        restart,
        sentinel: 'in-flight',
        index: 0,
        outcome: restart === 1 ? 'closed' : 'answered',
        story: {
          dueMs: atMs - TRAFFIC_AT_MS - 20,
          writtenMs: atMs - TRAFFIC_AT_MS - 19,
          endMs: atMs - TRAFFIC_AT_MS + 30,
          connection: 5000 + restart,
          bytesWritten: 78,
          bytesRead: 0,
          note,
        },
      },
    ]),
    { kind: 'traffic-end', session, atMs: TRAFFIC_AT_MS + SECONDS * 1000, due: { fresh: due }, sentinelsDue: 3 },
    {
      kind: 'harness',
      session,
      sendDelayP50Ms: 0.1,
      sendDelayP99Ms: 0.6,
      sendDelayMaxMs: 2,
      eventLoopDelayP99Ms: 1.1,
      eventLoopDelayMaxMs: 3,
      agentCpuMs: 900,
    },
    { kind: 'end', atMs: 13_000 },
  ];
}
