/**
 * What a strategy may do to a target: the port between strategies/ (which decide) and target/ (which acts).
 *
 * Rule: every wait has a limit. What goes wrong on the target's side is a StepFailure, which ends the restart with a finding.
 */
import type { EventOf, Exit, Generation, RestartMoment } from './event.ts';
import type { Command } from './step.ts';

/** The target did not do what a step asked. `hint` is the next thing to do about it. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Who serves: the processes that own the listening socket (empty when they cannot be seen), and the identities that probes met. */
export interface Serving {
  generations: Generation[];
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
  signal(signal: NodeJS.Signals, to: 'old' | 'new'): Promise<void>;
  /** Signals the old instance, waits for its exit, SIGKILL after the grace period (told as a fact). Defaults come from the target. */
  stop(signal: NodeJS.Signals | undefined, graceMs: number | undefined, withinMs: number): Promise<Exit>;
  kill(withinMs: number): Promise<void>;
  exited(who: 'old' | 'workers', withinMs: number): Promise<void>;
  /** Waits until a generation that is not `old` answers. */
  replaced(withinMs: number): Promise<void>;
  /** SIGSTOP for a while, then SIGCONT, whatever happens. */
  freeze(forMs: number): Promise<void>;
  /** Runs a command in the target's folder and environment; must exit with 0. */
  run(command: Command, withinMs: number): Promise<void>;
  /** Who serves now. */
  serving(): Promise<Serving>;
}

/** Where the doing side tells what happened. `nowMs` is ms since the run's start. */
export interface Chronicle {
  nowMs(): number;
  instance(event: Omit<EventOf<'instance'>, 'kind' | 'session'>): void;
  moment(moment: RestartMoment): void;
  step(event: Omit<EventOf<'step'>, 'kind' | 'session' | 'restart'>): void;
  fact(fact: { code: EventOf<'fact'>['code']; message: string; hint?: string }): void;
}
