/**
 * The plan of an agent: all it needs to send traffic, as JSON, and the messages that pass between it and its owner.
 *
 * Rule: nothing here assumes that the agent is a child process or shares a clock. Both sides speak NDJSON over a pair
 * of byte streams; moments in a plan and in what comes back are ms since the plan's start.
 */
import { z } from 'zod';
import { Expectation } from './request.ts';
import { CLIENT_KINDS } from './scenario.ts';
import { SENTINELS } from './sentinel.ts';

/** One request, and the answer that it must get; where to connect is in the plan, once for all. */
export const PlannedRequest = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  expect: Expectation,
});
export type PlannedRequest = z.output<typeof PlannedRequest>;

export const PlannedStream = z.object({
  name: z.string(),
  ratePerSecond: z.number().positive(),
  /** Moment of arrival 0, ms since the plan's start; arrival n is due n / rate later. */
  firstDueMs: z.number().nonnegative(),
  connection: z.enum(['new', 'reused']),
  connections: z.int().positive(),
  request: PlannedRequest,
});
export type PlannedStream = z.output<typeof PlannedStream>;

export const PlannedSentinel = z.object({
  name: z.enum(SENTINELS),
  count: z.int().positive(),
  request: PlannedRequest,
  /** Of the `count`, only those with the numbers agent, agent + of, agent + 2 of, ... are placed; default: all. */
  share: z.object({ agent: z.int().nonnegative(), of: z.int().positive() }).optional(),
});
export type PlannedSentinel = z.output<typeof PlannedSentinel>;

/** https: what is trusted, what is presented, all as PEM text, so that an agent needs no file. */
export const TlsSettings = z.object({
  /** Any certificate is accepted. */
  anyCertificate: z.boolean().optional(),
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  /** The name asked for and checked; default: the host of the origin. */
  serverName: z.string().optional(),
  /** Sessions are not resumed. */
  fullHandshakes: z.boolean().optional(),
});
export type TlsSettings = z.output<typeof TlsSettings>;

export const Plan = z.object({
  /** Origin of the target, such as http://127.0.0.1:4711 */
  origin: z.string(),
  streams: z.array(PlannedStream),
  sentinels: z.array(PlannedSentinel),
  client: z.object({
    kind: z.enum(CLIENT_KINDS),
    timeoutMs: z.number().positive(),
    connectTimeoutMs: z.number().positive(),
    headTimeoutMs: z.number().positive(),
    bodyTimeoutMs: z.number().positive(),
    retry: z.enum(['none', 'idempotent']),
    /** https: how the client secures its connections. */
    tls: TlsSettings.optional(),
  }),
  /** The old instance is frozen in each restart. */
  freezes: z.boolean().optional(),
  /** Answer header (lower case) that tells which instance answered. */
  identityHeader: z.string().optional(),
});
export type Plan = z.output<typeof Plan>;

/** What is to be said of sentinels of one kind: they could not be put in place, or they stand but may see little. */
export const SentinelProblem = z.object({ placed: z.boolean(), message: z.string() });
export type SentinelProblem = z.output<typeof SentinelProblem>;

/** Owner to agent. The end of the stream means: stop at once and exit. */
export const ToAgent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ping'), id: z.int() }),
  z.object({ kind: z.literal('plan'), plan: Plan }),
  /** Begin: the plan's moment 0 is this reading of the agent's own clock (ms). */
  z.object({ kind: z.literal('start'), atAgentMs: z.number() }),
  /** Put the sentinels of this restart in place; answered by `placed`. */
  z.object({ kind: z.literal('place'), restart: z.int() }),
  /**
   * A phase of the restart has been reached; sentinels act on it: with `localPorts`, only those with a connection from
   * one of them.
   */
  z.object({
    kind: z.literal('phase'),
    restart: z.int(),
    phase: z.enum(['frozen', 'signalled', 'ready', 'gone', 'completed']),
    localPorts: z.array(z.int()).optional(),
  }),
  /** The restart is over: end the sentinels that are left; answered by `released`. */
  z.object({ kind: z.literal('release'), restart: z.int() }),
  /** No new arrivals from this moment (ms since the plan's start); finish what is under way, then say `done`. */
  z.object({ kind: z.literal('finish'), atMs: z.number() }),
]);
export type ToAgent = z.output<typeof ToAgent>;

/** The phases of a restart that sentinels act on. */
export type SentinelPhase = Extract<ToAgent, { kind: 'phase' }>['phase'];

const count = z.int().nonnegative();

/** Agent to owner, besides the log's own lines (see event.ts: answered, failure, sentinel, identity). */
export const FromAgent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pong'), id: z.int(), agentMs: z.number() }),
  z.object({ kind: z.literal('planned') }),
  z.object({ kind: z.literal('placed'), restart: z.int(), problems: z.array(SentinelProblem) }),
  z.object({ kind: z.literal('released'), restart: z.int() }),
  /** A few times a second: totals so far, for live progress only. */
  z.object({ kind: z.literal('progress'), answered: count, lost: count, raced: count, other: count }),
  /** An event of the log without its session; checked by the log's own schema. */
  z.object({ kind: z.literal('log'), event: z.looseObject({ kind: z.string() }) }),
  z.object({ kind: z.literal('done') }),
]);
export type FromAgent = z.output<typeof FromAgent>;
