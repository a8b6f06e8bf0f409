/**
 * The contract of a client: one request goes out, one observation comes back.
 *
 * Rule: a client never retries, never waits for a free connection (the open loop must not queue) and calls back exactly
 * once.
 */
import type { PlannedRequest, TlsSettings } from '../model/plan.ts';

/** Longest waits, ms. `total` counts from the due moment. */
export interface Deadlines {
  totalMs: number;
  connectMs: number;
  headMs: number;
  bodyMs: number;
}

export interface ClientOptions {
  /** Origin of the target, such as http://127.0.0.1:4711 */
  origin: string;
  request: PlannedRequest;
  connection: 'new' | 'reused';
  /**
   * reused: connections kept when nothing stalls; more are opened while all are busy, up to `mostConnections`, and
   * given up when not needed for a moment.
   */
  connections: number;
  mostConnections: number;
  deadlines: Deadlines;
  /** Answer header, lower case, that tells which instance answered. */
  identityHeader?: string;
  /** https: how connections are secured. */
  tls?: TlsSettings;
  /** ms since the plan's start. */
  now: () => number;
  /** The next connection number; unique in the session. */
  nextConnection: () => number;
}

/** What one request met; moments in ms since the plan's start, absent when never reached. */
export interface Observation {
  dueMs: number;
  sentMs: number;
  connectMs?: number;
  connectedMs?: number;
  /** https: the handshake was done. */
  securedMs?: number;
  writtenMs?: number;
  firstByteMs?: number;
  endMs: number;
  connection: number;
  ageMs?: number;
  uses?: number;
  idleMs?: number;
  bytesWritten?: number;
  bytesRead?: number;
  localPort?: number;
  rttMs?: number;
  status?: number;
  /** How the connection ended, as far as this request saw it. */
  ending: 'open' | 'fin' | 'rst' | 'never';
  errno?: string;
  /** https: the handshake resumed an earlier session. */
  resumed?: boolean;
  /** https: it ended before the handshake was done. */
  during?: 'handshake';
  /** https: the peer announced the end of the connection by close_notify. */
  closeNotify?: boolean;
  /** https: the certificate or the handshake itself was not accepted, by whom and why, in words. */
  tlsProblem?: string;
  /** HTTP/2: why the server cannot have processed the request, in its own words. */
  unprocessed?: string;
  /** HTTP/2: the code with which the server reset the stream. */
  streamError?: string;
  /** HTTP/2: what the last GOAWAY on the connection said while the request was under way. */
  goaway?: string;
  /** HTTP/2: fields after the body, and those of gRPC in the head. */
  trailers?: Record<string, string>;
  deadline?: 'connect' | 'head' | 'body' | 'total';
  identity?: string;
  /** A whole answer came, as its framing says. */
  complete: boolean;
  /** What is wrong with the body, in words; absent when it is as expected. */
  bodyProblem?: string;
  /**
   * The body had no length of its own, ended with the connection, and is a shorter beginning of what was expected: cut,
   * not wrong.
   */
  bodyCut?: boolean;
  /** What is wrong with the answer as HTTP, in words. */
  protocolProblem?: string;
  /**
   * Proof that the peer never read the request: the connection was closed before it was written, or it was answered by
   * RST after FIN.
   */
  unread?: boolean;
}

export interface Client {
  /**
   * Opens the connections that a stream of reused ones begins with. Never rejects: a target that refuses is met by the
   * arrivals.
   */
  warmUp?(): Promise<void>;
  /** Sends the request now. `dueMs` is when it was due. With `fresh`, on a new connection whatever the stream says. */
  send(dueMs: number, done: (observation: Observation) => void, fresh?: boolean): void;
  /** How many requests find an idle connection now; Infinity where each opens its own. Absent: send and see. */
  readonly free?: number;
  /** Connections open now, and requests under way. */
  readonly open: number;
  readonly busy: number;
  /** Destroys all connections. Requests under way are not called back any more. */
  close(): void;
}
