/**
 * What all connections of one client share: where they go, what they send, and whom they tell.
 *
 * Rule: data and callbacks only; connections know nothing of each other.
 */
import type { PlannedRequest } from '../../model/plan.ts';
import type { Deadlines } from '../client.ts';
import type { LinkTo } from '../link.ts';

export interface Route<Connection> extends LinkTo {
  readonly request: PlannedRequest;
  /** The request, encoded. */
  readonly bytes: Buffer;
  /** Whether a connection may carry more than one request. */
  readonly reuses: boolean;
  readonly deadlines: Deadlines;
  readonly identityHeader: string | undefined;
  /**
   * The shortest handshake of all connections so far, ms: noticing is late, never early, so this is the best bound on a
   * round trip.
   */
  shortestHandshakeMs: number;
  now(): number;
  /** The connection is idle: after its answer, or connected without a request. */
  rested(connection: Connection): void;
  /** The connection is gone. */
  gone(connection: Connection): void;
  /** A request is no longer under way; its observation follows at once. */
  ended(): void;
}
