/**
 * The events of the log: all that doing tells judging. One JSON object a line.
 *
 * Rule: times named `atMs` are ms since the run's start. Times inside a story, and columns of `answered`, are relative
 * to the start of that session's traffic (`traffic.atMs`), so that agents on other clocks need no conversion.
 * Due moments are not stored: arrival `seq` of a stream is due at `firstDueMs + seq * 1000 / ratePerSecond`.
 */
import { z } from 'zod';
import { InstanceId } from './instance-id.ts';
import { StepFacts } from './canary.ts';
import { OUTCOMES } from './outcome.ts';
import { SENTINEL_SOURCES } from './sentinel.ts';

/** Format of the log; a change that old readers misread needs a new number. */
export const LOG_SCHEMA = 'zerodrop/log/2';

const session = z.int().nonnegative();
const restart = z.int().nonnegative();
/** No run lasts for years; what is beyond comes from a damaged log, and would be drawn for years. */
const MOST_MS = 1e11;
const atMs = z.number().min(-MOST_MS).max(MOST_MS);
const columns = z.array(z.number());

/**
 * The full story of one request: moments in ms since the start of the session's traffic, sizes in bytes.
 * A moment that was never reached is absent.
 */
export const Story = z.object({
  dueMs: atMs,
  /** Handed to the client; later than due only by the lateness of the harness's own timer. */
  sentMs: atMs.optional(),
  connectMs: atMs.optional(),
  connectedMs: atMs.optional(),
  /** https: the handshake was done. */
  securedMs: atMs.optional(),
  writtenMs: atMs.optional(),
  firstByteMs: atMs.optional(),
  endMs: atMs,
  /** Connection number, unique in its session; -1 when there was none. */
  connection: z.int(),
  /** Age of the connection when the request was written. */
  ageMs: z.number().optional(),
  /** Requests that this connection had carried before. */
  uses: z.int().optional(),
  /** Time that the connection had been idle when the request was written. */
  idleMs: z.number().optional(),
  bytesWritten: z.int().optional(),
  bytesRead: z.int().optional(),
  localPort: z.int().optional(),
  /** Name of the instance that the front door gave the connection to, where the door tells. */
  backend: z.string().optional(),
  /** Shortest round trip known for this connection: its handshake. */
  rttMs: z.number().optional(),
  status: z.int().optional(),
  /** How the connection ended: fin, rst, open (still alive), or never (not connected). */
  ending: z.enum(['fin', 'rst', 'open', 'never']).optional(),
  errno: z.string().optional(),
  /** https: it ended before the TLS handshake was done. */
  during: z.literal('handshake').optional(),
  /** https: the peer announced the end of the connection by close_notify. */
  closeNotify: z.boolean().optional(),
  /**
   * HTTP/2: what the server said of the stream: not processed (GOAWAY with a lower last stream, or REFUSED_STREAM),
   * reset by RST_STREAM, or let stand by a GOAWAY before the connection ended.
   */
  stream: z.enum(['unprocessed', 'reset', 'left']).optional(),
  /** Which deadline ran out, for a timeout. */
  deadline: z.enum(['connect', 'head', 'body', 'total']).optional(),
  /** Index of the identity that answered, see the identity event. */
  identity: z.int().optional(),
  /** Repeats made by client.retry before this outcome. */
  retries: z.int().optional(),
  /** What was wrong, in words, such as "body: 5 of 12 bytes" or "status 500, expected 200 to 399". */
  note: z.string().optional(),
});
export type Story = z.output<typeof Story>;

/** The moments of a restart, in the order in which they usually come. */
export const RESTART_MOMENTS = [
  'began',
  'frozen',
  'signalled',
  'not-accepting',
  'listening',
  'ready',
  'gone',
  'completed',
  'settled',
] as const;
export type RestartMoment = (typeof RESTART_MOMENTS)[number];

/** How a process ended. */
export const Exit = z.object({
  by: z.enum(['code', 'signal']),
  code: z.int().optional(),
  signal: z.string().optional(),
  forced: z.boolean(),
});
export type Exit = z.output<typeof Exit>;

/** What the target or the harness did that judging must know of; each becomes a finding. */
export const FACTS = [
  'target-died',
  'target-not-healthy',
  'target-not-started',
  'signal-not-passed',
  'forced-kill',
  'step-failed',
  'restart-not-proven',
  'rolled-back',
  'sentinel-not-armed',
  'sentinel-doubtful',
  'agent-died',
  'service-died',
  'leftover-process',
  'non-zero-exit',
  'replica-died',
  'liveness-killed',
  'pre-stop-failed',
  'step-inconclusive',
  'front-door-died',
  'watch-gap',
] as const;

export const Event = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    schema: z.literal(LOG_SCHEMA),
    zerodrop: z.string(),
    scenario: z.record(z.string(), z.unknown()),
    startedAt: z.string(),
    seed: z.int(),
    command: z.string(),
    environment: z.object({ node: z.string(), os: z.string(), cpus: z.int() }),
  }),
  /** A session: one start of one arm's target, with traffic and some restarts. */
  z.object({ kind: z.literal('session'), session, arm: z.string(), atMs }),
  z.object({
    kind: z.literal('instance'),
    session,
    atMs,
    /** Number of its lane: a generation of the target, counted from the start of the session. */
    instance: z.int(),
    /** unready: it lost its readiness; only in fleets. */
    state: z.enum(['started', 'ready', 'unready', 'draining', 'gone']),
    id: InstanceId.optional(),
    exit: Exit.optional(),
    output: z.array(z.string()).optional(),
    /** In fleets: its name, and at `ready` the identity that its own probe met. */
    name: z.string().optional(),
    identity: z.string().optional(),
  }),
  z.object({
    kind: z.literal('traffic'),
    session,
    atMs,
    streams: z.array(
      z.object({
        name: z.string(),
        ratePerSecond: z.number().min(1e-6).max(1e9),
        firstDueMs: atMs,
        connection: z.enum(['new', 'reused']),
      }),
    ),
    /** Round trip of the clock handshake with the agent. */
    handshakeMs: z.number(),
  }),
  /**
   * Answered arrivals in columns; all arrays have one length. Microseconds; late: sent - due, wait: written - sent,
   * firstByte and latency: from due.
   */
  z.object({
    kind: z.literal('answered'),
    session,
    stream: z.string(),
    seq: columns,
    lateUs: columns,
    waitUs: columns,
    firstByteUs: columns,
    latencyUs: columns,
    connection: columns,
    /** Repeats made by client.retry before the answer; absent when there were none in the batch. */
    retries: columns.optional(),
    /** Index of the identity that answered, -1 for none; absent when no identity header is asked for. */
    identity: columns.optional(),
  }),
  /** Any other arrival, with its story. */
  z.object({
    kind: z.literal('failure'),
    session,
    stream: z.string(),
    seq: z.int(),
    outcome: z.enum(OUTCOMES),
    story: Story,
  }),
  z.object({
    kind: z.literal('sentinel'),
    session,
    restart,
    sentinel: z.enum(SENTINEL_SOURCES),
    index: z.int(),
    outcome: z.enum(OUTCOMES),
    story: Story,
  }),
  z.object({ kind: z.literal('identity'), session, index: z.int().min(0).max(1e6), value: z.string() }),
  /** What was due, as the agent's pacing counted it. */
  z.object({
    kind: z.literal('traffic-end'),
    session,
    atMs,
    due: z.record(z.string(), z.int()),
    sentinelsDue: z.int(),
  }),
  /** The harness's own health in one session. */
  z.object({
    kind: z.literal('harness'),
    session,
    sendDelayP50Ms: z.number(),
    sendDelayP99Ms: z.number(),
    sendDelayMaxMs: z.number(),
    eventLoopDelayP99Ms: z.number(),
    eventLoopDelayMaxMs: z.number(),
    agentCpuMs: z.number(),
  }),
  /** How busy the machine was since the last look: shares of all its cores, from 0 to 1. */
  z.object({
    kind: z.literal('machine'),
    session,
    atMs,
    /** Length of the time that it is about; it ends at `atMs`. */
    tookMs: z.number(),
    busyShare: z.number(),
    /** Used by processes that are neither zerodrop's nor the target's; absent when the target's are not known. */
    othersShare: z.number().optional(),
    stolenShare: z.number(),
    /** The part of the time in which some task waited for a core; absent where the kernel does not say. */
    stalledShare: z.number().optional(),
    runnable: z.int(),
  }),
  z.object({ kind: z.literal('restart'), session, restart, moment: z.enum(RESTART_MOMENTS), atMs }),
  z.object({
    kind: z.literal('step'),
    session,
    restart,
    index: z.int(),
    text: z.string(),
    atMs,
    tookMs: z.number(),
    problem: z.string().optional(),
    /** What was seen, of a step that looks at something. */
    note: z.string().optional(),
  }),
  /** What was seen of the two sets in a step of a canary; whether it may go on is judged from this. */
  z.object({ kind: z.literal('canary'), session, restart, atMs, ...StepFacts.shape }),
  /** Who served before and after a restart: instances as far as they could be seen, and identities seen by probes. */
  z.object({
    kind: z.literal('serving'),
    session,
    restart,
    when: z.enum(['before', 'after']),
    instances: z.array(InstanceId),
    identities: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('fact'),
    session,
    restart: restart.optional(),
    atMs,
    code: z.enum(FACTS),
    message: z.string(),
    hint: z.string().optional(),
    /** It repeats the judgement of a canary's step, which is judged again from its facts. */
    judged: z.literal(true).optional(),
    /** Those that it is about. */
    instances: z.array(InstanceId).optional(),
  }),
  /**
   * The positive control: a server that commits faults was measured with the traffic of these arms. `expected` is what
   * it did by its own count, `counted` what zerodrop counted, both by outcome; `problem` when it could not be measured.
   */
  z.object({
    kind: z.literal('control'),
    control: z.literal('positive'),
    arms: z.array(z.string()),
    atMs,
    tookMs: z.number(),
    expected: z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative()),
    counted: z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative()),
    problem: z.string().optional(),
  }),
  /**
   * The negative control: a sham restart, with everything that a restart has but its steps. Its number is one that no
   * restart of the session has; sentinels of that number are its own.
   */
  z.object({ kind: z.literal('sham'), session, restart, moment: z.enum(['began', 'signalled', 'settled']), atMs }),
  /**
   * What the serving processes used when a restart had settled, or before the first one, and what had no part in
   * serving.
   */
  z.object({
    kind: z.literal('sample'),
    session,
    /** Absent before the first restart. */
    restart: restart.optional(),
    atMs,
    processes: z.int(),
    fds: z.int(),
    rssBytes: z.int(),
    threads: z.int(),
    leftovers: z.array(InstanceId),
    /** What the target started and never waited for when it had ended. */
    zombies: z.array(InstanceId),
  }),
  /** The session was ended after this restart because something had been dropped, as the user asked. */
  z.object({ kind: z.literal('bailed'), session, restart, atMs }),
  z.object({
    kind: z.literal('pressure'),
    session,
    requests: z.int(),
    errors: z.int(),
    problem: z.string().optional(),
  }),
  z.object({ kind: z.literal('interrupted'), atMs }),
  /** The last event. Its seal, set by the log's writer, says that the lines before it are as they were written. */
  z.object({
    kind: z.literal('end'),
    atMs,
    seal: z.object({ lines: z.int(), sha256: z.string() }).optional(),
  }),
]);
export type Event = z.output<typeof Event>;
export type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;
