/**
 * What all HTTP/2 connections of one client share: where they go, what they send, and where they report.
 *
 * Rule: data and callbacks only; connections know nothing of each other.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Deadlines } from '../client.ts';
import type { LinkTo } from '../link.ts';
import type { Field } from './static-table.ts';
import type { Answering } from './stream.ts';

export interface Route<Connection> extends LinkTo {
  host: string;
  /** The header block of the request. */
  readonly head: Buffer;
  readonly body: Buffer;
  readonly answering: Answering;
  /** Whether a connection may carry more than one request. */
  readonly reuses: boolean;
  readonly deadlines: Deadlines;
  /** The shortest handshake of all connections so far, ms: the best bound on a round trip. */
  shortestHandshakeMs: number;
  now(): number;
  /** The connection may carry requests. */
  opened(connection: Connection): void;
  /** The connection is gone, or may carry no further request. */
  over(connection: Connection): void;
  /** A request is no longer under way; its observation follows at once. */
  ended(): void;
}

/** Fields that belong to a connection of HTTP/1.1 (RFC 9113 8.2.2). */
const OF_CONNECTION = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host']);

/** The header fields of a request. What the user wrote is sent as it is, but for what HTTP/2 forbids. */
export function fieldsOf({ method, path, headers, body }: PlannedRequest, scheme: string, authority: string): Field[] {
  const written = Object.entries(headers).map(([name, value]): Field => [name.toLowerCase(), value]);
  const named = new Map(written);
  const isSent = ([name]: Field): boolean =>
    !OF_CONNECTION.has(name) && (name !== 'te' || named.get(name) === 'trailers');
  const length = Buffer.byteLength(body ?? '');
  return [
    [':method', method],
    [':scheme', scheme],
    [':path', path],
    [':authority', named.get('host') ?? authority],
    ...(named.has('user-agent') ? [] : [['user-agent', 'zerodrop'] as const]),
    ...(length > 0 && !named.has('content-length') ? [['content-length', String(length)] as const] : []),
    ...written.filter(isSent),
  ];
}
