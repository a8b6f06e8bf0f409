/**
 * The sentinels: connections put in a delicate state before a restart, so that a rare race is met and not waited for.
 *
 * Rule: a closed set, one name each, in code, scenarios and reports alike.
 */

/** All sentinels, in the order in which they are shown. */
export const SENTINELS = [
  'in-flight',
  'idle',
  'upload',
  'download',
  'parked',
  'backlog',
  'pipelined',
  'events',
  'websocket',
  'http2',
  'tls',
  'session',
] as const;

export type SentinelName = (typeof SENTINELS)[number];
