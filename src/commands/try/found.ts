/**
 * What `zerodrop try` found out about a server before anything is measured.
 *
 * Rule: plain values; everything that follows (scenario, table, saved file) is derived from them.
 */
import type { Opened } from '../../processes/opened.ts';

/** A server that `try` starts itself. */
export interface FoundServer {
  kind: 'started';
  command: readonly string[];
  /** Whether it listens on the port in the variable PORT, or on the one that ${PORT} in its command names. */
  heedsPort: boolean;
  /** Whether it serves on a socket that it inherits (LISTEN_FDS). */
  heedsListenFds: boolean;
  opened: Pick<Opened, 'host' | 'port'>;
  /** A path that answers 200 to 399. */
  healthPath: string;
}

/** A server that runs already, and the command that restarts it. */
export interface FoundService {
  kind: 'attached';
  origin: string;
  healthPath: string;
  command: readonly string[];
}

export type Found = FoundServer | FoundService;

/** What the command line asks for. */
export interface Wishes {
  /** Path of the requests; default: the one that was found to answer. */
  path?: string | undefined;
  /** Requests per second of each stream. */
  ratePerSecond: number;
  signal: NodeJS.Signals;
  /** Restarts for each question. */
  count: number;
  headers: Readonly<Record<string, string>>;
}
