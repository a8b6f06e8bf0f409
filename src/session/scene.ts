/**
 * What the parts of a session share while it runs.
 *
 * Rule: the restart under way and the count of drops change; everything else stays from beginning to end.
 */
import type { Arm } from '../model/scenario.ts';
import type { Event, EventOf } from '../model/event.ts';
import type { Warden } from '../processes/warden.ts';
import type { Progress } from '../report/text/progress.ts';
import type { ResolvedStrategy } from '../strategies/resolve.ts';
import type { RunningTarget, TargetOptions } from '../targets/target.ts';
import type { CanaryWatch } from './canary.ts';
import type { Scene as Told } from './chronicle.ts';

export interface SessionOptions {
  session: number;
  arm: Arm;
  /** Restarts of this session, the number of the first of them in its arm, and how many the arm has in all. */
  restarts: number;
  first: number;
  total: number;
  /** How many restarts the run has in all. */
  planned: number;
  /** Whether it is the first one of its arm, which holds the negative control. */
  opening: boolean;
  /** End with the first restart after which something was dropped. */
  bail: boolean;
  seed: number;
  /** How many agents share the traffic. */
  agents: number;
  token: string;
  warden: Warden;
  /** The scratch folder of the arm. */
  scratch: string;
  write: (event: Event) => void;
  /** ms since the run's start. */
  nowMs: () => number;
  progress: Progress;
  /** Opens the target of the arm. */
  open: (options: TargetOptions) => Promise<RunningTarget>;
  /** Aborted when the user wants the run to end, or when the log cannot be written. */
  signal: AbortSignal;
}

export interface Scene extends SessionOptions, Told {
  strategy: ResolvedStrategy;
  /** Arrivals and sentinels that met no answer so far. */
  dropped: number;
  canary: CanaryWatch;
  /** Writes down why the session cannot go on, and ends it. */
  endEarly: (why: Pick<EventOf<'fact'>, 'code' | 'message' | 'hint'>) => void;
  /** What is to be closed at the end of the session, in reverse order. */
  closing: (() => Promise<void>)[];
}
