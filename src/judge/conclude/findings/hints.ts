/**
 * What to do about requests that were not answered.
 *
 * Rule: the hint answers the commonest outcome and names something that the reader can do next. What a strategy itself
 * advises comes from its definition.
 */
import { isLost, type Outcome } from '../../../model/outcome.ts';
import type { SentinelName } from '../../../model/sentinel.ts';
import { strategyNamed } from '../../../model/strategies/registry.ts';

/** What is known of the requests besides. */
export interface Circumstances {
  /** Most of them reused a connection. */
  onReused: boolean;
  /** Most of them were never connected. */
  unconnected: boolean;
  /** https: most of them ended because the certificate was not accepted. */
  distrusted: boolean;
  /** https: most of them ended before the TLS handshake was done. */
  inHandshake: boolean;
  /** They were streams of HTTP/2. */
  onStreams: boolean;
  /** The sentinel that all of them were; null when there were others. */
  sentinel: SentinelName | null;
}

/** The next thing to do, given the outcome that most of the requests had that were not answered. */
export function hintFor(
  outcome: Outcome,
  strategy: string,
  { onReused, unconnected, distrusted, inHandshake, onStreams, sentinel }: Circumstances,
): string {
  if (distrusted) return DISTRUSTED;
  if (inHandshake && isLost(outcome) && outcome !== 'refused') return CONNECTION_HINTS.tls as string;
  if (sentinel === 'session' && outcome === 'failed') return SESSIONS_LOST;
  const ofConnection = sentinel === null || !isLost(outcome) ? undefined : CONNECTION_HINTS[sentinel];
  if (ofConnection !== undefined) return ofConnection;
  const ofStreams = onStreams ? STREAM_HINTS[outcome] : undefined;
  if (ofStreams !== undefined) return ofStreams;
  const own = strategyNamed(strategy)?.advice[outcome];
  if (own !== undefined) return own;
  switch (outcome) {
    case 'refused':
      return REFUSED;
    case 'reset':
      if (onReused) {
        return (
          'Kept-alive connections were reset, most likely closed with a request on them that nobody had read ' +
          'yet. Answer with "Connection: close" for a while before idle connections are closed, and do not close ' +
          'one that has something to read.'
        );
      }
      return (
        'Connections were thrown away with requests on them. Do not exit or close sockets while requests are ' +
        'under way, let the accept queue run empty before the listening socket is closed. With SO_REUSEPORT: ' +
        'give the successor the old listening socket (haproxy -x, strategy takeover), steer new connections to ' +
        'it first (SO_ATTACH_REUSEPORT_CBPF), or set net.ipv4.tcp_migrate_req=1.'
      );
    case 'closed':
      return (
        'The old process ended, or closed connections, with requests in flight. Let it stop accepting and then ' +
        'wait for them (Shutdown and not Close in Go, close and not closeAllConnections in Node), exit only when ' +
        'that has returned, and give it a limit longer than the slowest request.'
      );
    case 'raced':
      return (
        'Kept-alive connections were closed while clients reused them. Announce the end first: for a while (500 ' +
        'ms is often enough) let every answer that is begun say "Connection: close", also those to requests that ' +
        'were there before; only then close idle connections.'
      );
    case 'truncated':
      return (
        'Answers were cut off half-way. Let running answers end before the process exits, end streams of events ' +
        'yourself with their last chunk, and make the grace period longer than the longest download.'
      );
    case 'timeout':
      if (unconnected) return QUEUE_FULL;
      return (
        'Requests got stuck: something accepted or queued them and nobody answered. Look for a listening socket ' +
        'that is kept open while nobody accepts (as by a successor that took another one for it: let it compare ' +
        'LISTEN_PID and LISTEN_FDNAMES), for workers that wait for each other while stopping, and for a worker ' +
        'that hangs: let its supervisor check it (with a heartbeat or a liveness probe), and kill ' +
        'and replace it.'
      );
    case 'rejected':
      return (
        'The server answered 503 or 429 while restarting. Keep serving until the successor is ready, and take ' +
        'requests away from the old one before it begins to refuse work.'
      );
    case 'failed':
      return (
        'Answers had an unexpected status or body. Look at the failures in the report; if the successor serves ' +
        'before it is ready, let its healthcheck fail until it is.'
      );
    case 'unsent':
    case 'answered':
      return 'Look at the failures in the report.';
  }
}

/** What is full drops whoever asks to be let in, and says nothing. */
const QUEUE_FULL =
  'Connections were not even made. Most likely nothing accepted for so long that the queue of the listening ' +
  'socket was full: the kernel then drops further connects, and a client repeats its connect after a second. ' +
  'Give listen a longer backlog (no longer than net.core.somaxconn; the last listen on an inherited socket ' +
  'counts), and accept sooner: start the successor before the old instance stops.';

/** A certificate that no client would take. */
export const DISTRUSTED =
  'Name the authority that signed the certificate in target.ca (a PEM file) and the name that it is for in ' +
  'target.server_name, or set target.insecure_skip_verify: true.';

/** Where every request was answered, but the sessions did not go on. */
const SESSIONS_LOST =
  'The successor does not know the sessions of the old process. Keep them where a restart does not reach: in a ' +
  'store such as Redis (see services in the scenario), or in a signed cookie.';

const SESSIONS_CUT =
  'HTTP/2 connections ended with streams on them, or the streams were reset. Send GOAWAY and answer the streams ' +
  'that have begun before the process exits (session.close and not session.destroy in Node, Shutdown and not ' +
  'Close in Go).';

/** What HTTP/2 has words of its own for. */
const STREAM_HINTS: Partial<Readonly<Record<Outcome, string>>> = {
  reset: SESSIONS_CUT,
  closed: SESSIONS_CUT,
  raced:
    'The server had not processed these requests (GOAWAY or REFUSED_STREAM), so that clients may repeat them. For ' +
    'those that do not: send GOAWAY with 2^31-1 first, and the last stream a round trip later, as Shutdown in Go does.',
};

/** Connections that carry more than one request after the other want an end of their own. */
const CONNECTION_HINTS: Partial<Readonly<Record<SentinelName, string>>> = {
  websocket:
    'WebSockets were cut off, which looks like a broken network to their clients. Close each with a close ' +
    'frame (1001 or 1012) and let its client answer it before the process exits; the request that opens a new ' +
    'one goes to the successor.',
  http2:
    'HTTP/2 sessions were thrown away with streams on them. Let each say GOAWAY (in Node close and not ' +
    'destroy, in Go Shutdown does it), and answer the streams that it has begun before the process exits.',
  tls:
    'Connections were thrown away in mid-handshake. Stop accepting, but let connected clients finish their ' +
    'handshake, and answer the request that follows.',
};

/** Where nobody listened, and the strategy gives no advice of its own. */
const REFUSED =
  'Nobody listened for a while. Hand the listening socket over (strategy socket-activation or signal-handoff), ' +
  'or start the successor, or open its socket, before the old one is closed.';
