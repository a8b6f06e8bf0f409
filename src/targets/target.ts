/**
 * The port of whatever is restarted: what a session and its restarts may ask of a target.
 *
 * Rule: nobody but its own kind knows what a target is made of. A kind is a folder beside this file and a line in
 * open.ts.
 */
import type { Analyse } from '../model/canary.ts';
import type { Chronicle, TargetControl } from '../model/control.ts';
import type { InstanceId } from '../model/instance-id.ts';
import type { Arm } from '../model/scenario.ts';
import type { Command } from '../model/step.ts';
import type { Variables } from '../processes/command.ts';
import type { ProcessSample } from '../processes/proc.ts';
import type { Warden } from '../processes/warden.ts';

/** What a kind is given to open a target. */
export interface TargetOptions {
  arm: Pick<Arm, 'target' | 'fleet' | 'restart' | 'traffic'>;
  /** Clients speak HTTP/2, and so does the healthcheck. */
  isHttp2?: boolean;
  /** Whether instances are given the listening socket. */
  inheritsSocket: boolean;
  /** A command whose output changes with every restart. */
  witness?: Command | undefined;
  /** Marks every process of the run. */
  token: string;
  warden: Warden;
  /** The variables of the run, such as SCRATCH. */
  variables: Variables;
  chronicle: Chronicle;
  analyse: Analyse;
}

/** One kind of target. */
export interface TargetKind {
  readonly name: string;
  /** Whether the target of this arm is one of this kind. */
  matches(arm: TargetOptions['arm']): boolean;
  /** Settles what stays fixed, such as its address; nothing is started yet. Rejects with ZerodropError. */
  open(options: TargetOptions): Promise<RunningTarget>;
}

/** How the target died outside of a restart, and what to do about it. */
export interface Death {
  message: string;
  hint: string;
  /** When it was not the target's fault. */
  code?: 'front-door-died';
}

/** How the target ended. */
export interface Closing {
  /** What was still there when the target had exited on its own, and what it was. */
  leftovers: { id: InstanceId; command: string }[];
  /** It did not exit on its own in time. */
  forced: boolean;
}

/**
 * A target that runs. In this order: `startFirst`, then for each restart (or sham) `begin`, the steps, `serving`; at
 * last `close`, whatever happened before.
 */
export interface RunningTarget extends TargetControl {
  /** What clients speak to, such as http://127.0.0.1:4711 */
  readonly origin: string;
  /**
   * Whether its old instances end one by one, each with the connections that it has (the chronicle's `ending` tells of
   * each); otherwise all of them are in danger from the moment that a restart is signalled.
   */
  readonly endsByInstance: boolean;
  /**
   * Starts the first instance (or finds the one attached to) and waits until it is healthy; ends early when aborted.
   * Rejects with ZerodropError.
   */
  startFirst(aborted?: AbortSignal): Promise<void>;
  /** Resolves when the target dies outside of a restart, which lasts from `begin` to `serving`. */
  readonly died: Promise<Death>;
  /**
   * The name of the instance that the latest connection from a local port of a client was given to; undefined where
   * nobody can tell.
   */
  chosenFor?(localPort: number): string | undefined;
  /** What the serving processes use; undefined when they cannot be seen. */
  sample(): ProcessSample | undefined;
  /** What belongs to the target and has no part in serving. */
  leftovers(): InstanceId[];
  /** What has ended and was never waited for. */
  zombies(): InstanceId[];
  /** Ends whatever the target was started with; what was only attached to goes on. */
  close(): Promise<Closing>;
}
