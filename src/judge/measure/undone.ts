/**
 * Restarts that were not done: a step failed, it was taken back, or the target ignored the signal, and what
 * served before serves on.
 *
 * Rule: what the scenario tolerates of them (thresholds.not_done) is told and is no failure; who serves afterwards must
 * have been seen. What clients lost meanwhile still counts.
 */
import { isRolledBack } from './fleet.ts';
import type { PlannedArm } from '../fold/planned.ts';
import type { Proof } from './proof.ts';
import type { SessionRecording } from '../fold/recording.ts';
import { isCompleted, type Window } from './windows.ts';

/** `failed`: a step of it failed. `ignored`: its steps were taken, and nothing came of them. */
export type Undone = 'failed' | 'rolled-back' | 'ignored';

/** Why a restart is known to be not done; null when it was done, or when it is not known who serves. */
export function undoneOf({ facts }: Pick<SessionRecording, 'facts'>, window: Window, proof: Proof): Undone | null {
  const { restart } = window;
  if ((proof.proven || proof.sameServes) && isRolledBack({ facts }, window)) return 'rolled-back';
  if (proof.proven || !proof.sameServes) return null;
  if (isCompleted(restart)) return 'ignored';
  // A step that the end of the run cut short has a problem, too, but no fact.
  return facts.some((fact) => fact.code === 'step-failed' && fact.restart === restart.restart) ? 'failed' : null;
}

/** Whether a restart is known to have happened, and to have stayed. */
export function isDone({ proof, undone }: { proof: Proof; undone: Undone | null }): boolean {
  return proof.proven && undone === null;
}

/** The restarts that are known to be not done. */
export function undoneIn<R extends { undone: Undone | null }>(restarts: readonly R[]): R[] {
  return restarts.filter(({ undone }) => undone !== null);
}

/** Those that the scenario tolerates: all, or none when they are more than it does. */
export function toleratedIn<R extends { undone: Undone | null }>({
  planned,
  restarts,
}: {
  planned: Pick<PlannedArm, 'thresholds'>;
  restarts: readonly R[];
}): ReadonlySet<R> {
  const undone = undoneIn(restarts);
  return new Set(undone.length <= planned.thresholds.not_done ? undone : []);
}
