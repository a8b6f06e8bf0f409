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

/** What a scenario may place. */
export type PlacedSentinel = (typeof SENTINELS)[number];

/**
 * What ends in an outcome of its own: the sentinels, and the request that follows on the connection of one that was in
 * flight. That one is another request, and another mistake of a server.
 */
export const SENTINEL_SOURCES = [...SENTINELS, 'in-flight-next'] as const;
export type SentinelName = (typeof SENTINEL_SOURCES)[number];
