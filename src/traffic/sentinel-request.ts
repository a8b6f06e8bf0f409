/**
 * What a sentinel asks: what its own options say, and otherwise what the stream with its path asks.
 *
 * Rule: a sentinel with a path of its own that no stream has asks with GET, as a client that is allowed to (the headers
 * of the first stream), and expects nothing but a good status. Some sentinels have a form of their own: an upload
 * brings a body, a stream of events has no end.
 */
import type { PlannedRequest } from '../model/plan.ts';
import type { SentinelOptions, Stream } from '../model/scenario.ts';
import type { PlacedSentinel } from '../model/sentinel.ts';

/** Nothing of a stream's request fits them but its headers. */
const OF_OWN_FORM: ReadonlySet<PlacedSentinel> = new Set(['download', 'events', 'websocket', 'session']);
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** They frame a body, or end a connection: a sentinel decides that itself. */
const OF_CONNECTION = new Set(['connection', 'content-length', 'transfer-encoding', 'expect']);

export function sentinelRequestOf(
  name: PlacedSentinel,
  options: Omit<SentinelOptions, 'count'>,
  streams: readonly Stream[],
): PlannedRequest {
  const [first] = streams;
  const same = options.path === undefined ? first : streams.find(({ path }) => path === options.path);
  const fits = !OF_OWN_FORM.has(name) && (name !== 'upload' || METHODS_WITH_BODY.has(same?.method ?? ''));
  const like = fits ? same : undefined;
  const method = options.method ?? like?.method ?? 'GET';
  const body = options.body ?? (method === like?.method ? like.body : undefined);
  return {
    method,
    path: options.path ?? first?.path ?? '/',
    headers: options.headers ?? headersOf(same ?? first, body !== undefined),
    ...(body === undefined ? {} : { body }),
    expect: options.expect ?? (method === like?.method ? like.expect : {}),
  };
}

function headersOf(stream: Stream | undefined, hasBody: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stream?.headers ?? {}).filter(
      ([name]) => !OF_CONNECTION.has(name.toLowerCase()) && (hasBody || name.toLowerCase() !== 'content-type'),
    ),
  );
}
