/**
 * The contract of a sentinel: one connection in a delicate state, and the post from which it reports.
 *
 * Rule: a sentinel that was placed ends in exactly one outcome, whatever happens. It acts on its own only before the
 * signal and when a phase is told, and every answer that it waits for has a deadline.
 */
import type { EventOf } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { SentinelName } from '../../model/sentinel.ts';
import type { PlannedRequest, SentinelPhase } from '../../model/plan.ts';
import type { Observation } from '../client.ts';
import type { Line, LineHabits, LineOptions } from './line.ts';

/** What the agent lends to its sentinels. */
export interface SentinelDeps {
  /** ms since the plan's start. */
  now: () => number;
  /** The next connection number; unique in the session. */
  nextConnection: () => number;
  /** Index of an identity in the log. */
  identityIndex: (value: string) => number;
  /** Takes a `sentinel` event when one has ended. */
  record: (event: Omit<EventOf<'sentinel'>, 'session'>) => void;
}

export interface Sentinel {
  /** Brings it into its state; resolves when that is confirmed, with the problem in words when it could not be done. */
  place(): Promise<string | undefined>;
  /**
   * A phase of the restart was reached. `signalled` is told exactly once, before `gone` and `completed`, when the
   * instance that has its connection is told to end; `completed` always comes. What it starts is not waited for.
   */
  phase(phase: SentinelPhase): void | Promise<void>;
  /**
   * The restart is over: what would otherwise wait for ever settles now. What waits for an answer has a deadline of its
   * own.
   */
  end?(): void | Promise<void>;
}

/** Where a sentinel stands: what it is to send, the connections that it may open, and how it reports. */
export interface Post {
  readonly restart: number;
  /** Its number among the `count` of its kind. */
  readonly index: number;
  readonly count: number;
  readonly request: PlannedRequest;
  readonly now: () => number;
  /** The old instance is frozen in each restart, which is told as a phase of its own. */
  readonly freezes: boolean;
  /**
   * Where the target is, for connections of another kind than {@link Line}; `owned` closes such a one when the sentinel
   * has ended.
   */
  readonly to: LineOptions;
  owned(close: () => void): void;
  /** Opens a connection, which is closed at the end at the latest. */
  line(also?: LineHabits): Line;
  /** Calls `act` later, unless the sentinel has ended by then. */
  after(ms: number, act: () => void): void;
  /** Whether its outcome is known. */
  readonly settled: boolean;
  /** Ends it with what a request met, by the rules that hold for all requests; or with another outcome and why. */
  settle(seen: Observation, also?: { outcome?: Outcome; note?: string }): void;
  /** Ends it with its own request, and says apart what the request met that followed on the same connection. */
  settleWithNext(own: Observation, following: Observation): void;
  /** Ends it well though nothing was sent: its connection was closed before, which the note tells. */
  excuse(line: Pick<Line, 'asSeen'>, note: string): void;
}

/** What is found out about the target before the first sentinel of a kind is placed. */
export interface Survey {
  /** Why these sentinels cannot see what they are for, in words. */
  problem?: string;
  /** They are not placed at all. */
  useless?: boolean;
  /** The request that they send from now on. */
  request?: PlannedRequest;
}

export interface SentinelKind {
  name: SentinelName;
  /** The only scheme of the targets that it can stand before; default: any. */
  scheme?: 'http:' | 'https:';
  /** Looks at the target once, before the first of this kind is placed; the post is of no sentinel. */
  survey(post: Scout): Promise<Survey>;
  open(post: Post): Sentinel;
}

/** What a survey may do. */
export interface Scout {
  readonly request: PlannedRequest;
  readonly now: () => number;
  readonly to: LineOptions;
  line(also?: LineHabits): Line;
  /** What is wrong with an answer, in words; undefined when it is as expected. */
  problemWith(seen: Observation): string | undefined;
}
