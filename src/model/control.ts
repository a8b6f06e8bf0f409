/**
 * What a strategy may do to a target: the port between strategies/ (which decide) and target/ (which acts).
 *
 * Rule: every wait has a limit. What goes wrong on the target's side is a StepFailure, which ends the restart with a
 * finding.
 */
import type { EventOf, Exit, RestartMoment } from './event.ts';
import type { InstanceId } from './instance-id.ts';
import type { WorkloadAction } from './kubernetes.ts';
import type { Rolling } from './rolling.ts';
import type { Signal } from './signal.ts';
import type { Command } from './step.ts';

/** The target did not do what a step asked. `hint` is the next thing to do about it. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly hint: string;
  /** What the log calls it: a failure, or that nothing could be said. */
  readonly code: 'step-failed' | 'step-inconclusive';
  /** Whether it was judged, from facts that are in the log. */
  readonly judged: boolean;

  constructor(
    message: string,
    hint: string,
    code: 'step-failed' | 'step-inconclusive' = 'step-failed',
    { judged = false } = {},
  ) {
    super(message);
    this.hint = hint;
    this.code = code;
    this.judged = judged;
  }
}

/**
 * Who serves: the instances (none when they cannot be seen), and the identities that probes met.
 */
export interface Serving {
  instances: InstanceId[];
  identities: string[];
}

/**
 * The target as the steps of one restart see it. `old` is what served when `begin` was called. All durations in ms.
 * Every method rejects with StepFailure when the target does not comply in time.
 */
export interface TargetControl {
  /** Fixes what is `old` from here on. */
  begin(): Promise<Serving>;
  /** Spawns a new instance; it becomes the current one. */
  start(socket: 'own' | 'inherited'): Promise<void>;
  /** Waits until the healthcheck has passed `successes` times in a row. */
  ready(successes: number, withinMs: number): Promise<void>;
  signal(signal: Signal, to: 'old' | 'new'): Promise<void>;
  /**
   * Signals the old instance, waits for its exit, SIGKILL after the grace period (told as a fact). Defaults come from
   * the target. `to` new: the new set of a fleet.
   */
  stop(signal: Signal | undefined, graceMs: number | undefined, withinMs: number, to?: 'new'): Promise<Exit>;
  kill(withinMs: number): Promise<void>;
  exited(who: 'old' | 'workers', withinMs: number): Promise<void>;
  /** Waits until a generation that is not `old` answers. */
  replaced(withinMs: number): Promise<void>;
  /** Waits until the target replaces a process of its own accord, and logs when that began. */
  recycled(withinMs: number): Promise<void>;
  /** SIGSTOP for a while, then SIGCONT, whatever happens. */
  freeze(forMs: number): Promise<void>;
  /** Runs a command in the target's folder and environment; must exit with 0. */
  run(command: Command, withinMs: number): Promise<void>;
  /** Fleets: the new set gets this share (0 to 1) of new connections. */
  route(share: number): Promise<void>;
  /** Fleets: replaces the instances one after another. */
  rollout(rolling: Rolling, withinMs: number): Promise<void>;
  /** Fleets: judges the new set by its own traffic of the next `forMs`. Resolves with what was seen, in a sentence. */
  analyse(forMs: number, errorsBelow: number, withinMs: number): Promise<string>;
  /** Workloads of Kubernetes: restarts it and waits until no old pod is left. */
  workload?(action: WorkloadAction, withinMs: number): Promise<void>;
  /** Who serves now. */
  serving(): Promise<Serving>;
}

/** Where the doing side tells what happened. `nowMs` is ms since the run's start. */
export interface Chronicle {
  nowMs(): number;
  instance(event: Omit<EventOf<'instance'>, 'kind' | 'session'>): void;
  /** `agoMs`: it came so long before it was seen. */
  moment(moment: RestartMoment, agoMs?: number): void;
  /**
   * An old instance of a fleet is told to end now. `localPorts`: those of the clients whose connections it has;
   * undefined where the front door cannot tell.
   */
  ending(localPorts: readonly number[] | undefined): void;
  step(event: Omit<EventOf<'step'>, 'kind' | 'session' | 'restart'>): void;
  fact(fact: {
    code: EventOf<'fact'>['code'];
    message: string;
    hint?: string;
    judged?: true;
    instances?: InstanceId[];
  }): void;
}
