/**
 * When a restart is dangerous for the connections of the old instance: right after the signal, and, where the old
 * instance hands over, right after its successor is ready.
 *
 * Rule: a sentinel that asks again and again does so only then. In between it keeps still, since a client that never
 * rests may keep an old instance for ever.
 */
import type { SentinelPhase } from '../../model/plan.ts';

/** Each spell of danger lasts so long, ms. */
export const SPELL_MS = 1000;

export interface Danger {
  /** A phase of the restart was reached. */
  tell(phase: SentinelPhase): void;
  readonly signalled: boolean;
  /** The old instance may leave any moment. */
  readonly near: boolean;
}

/** Nothing is dangerous before the signal, which comes once. */
export function openDanger(now: () => number): Danger {
  let signalledMs = Infinity;
  let readyMs = -Infinity;
  return {
    tell(phase) {
      if (phase === 'signalled') signalledMs = now();
      if (phase === 'ready') readyMs = now();
    },
    get signalled() {
      return signalledMs < Infinity;
    },
    get near() {
      return signalledMs < Infinity && now() - Math.max(signalledMs, readyMs) < SPELL_MS;
    },
  };
}
