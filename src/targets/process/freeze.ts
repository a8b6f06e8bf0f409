/**
 * Freezing the old instance, so that its accept queue fills.
 *
 * Rule: what was stopped is let go on, whatever happens: right after the next signal, or at once when none follows.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../../model/control.ts';
import { sendSignal } from '../../processes/signal.ts';
import { isAlive, type Generation } from '../../processes/proc.ts';

/** A signal that is to come "right after" the freeze does so within this. */
const SIGNAL_WITHIN_MS = 100;

export interface Freezer {
  /**
   * SIGSTOP, then `stopped` is called, and waits. The processes are still stopped when this resolves. Rejects with
   * StepFailure.
   */
  freeze(generations: readonly Generation[], forMs: number, stopped: () => void): Promise<void>;
  /** SIGCONT to what is stopped. */
  thaw: () => void;
}

/** `tell` is called before anything is stopped, and when it runs again. */
export function openFreezer(tell: (processes: readonly Generation[]) => void): Freezer {
  let frozen: readonly Generation[] = [];
  let timer: NodeJS.Timeout | undefined;
  const thaw = (): void => {
    clearTimeout(timer);
    if (frozen.length === 0) return;
    for (const generation of frozen) sendSignal(generation, 'SIGCONT');
    frozen = [];
    tell([]);
  };
  return {
    async freeze(generations, forMs, stopped) {
      frozen = generations.filter(isAlive);
      tell(frozen);
      // SIGCONT comes from here even when nobody waits for this promise any more.
      timer = setTimeout(thaw, forMs + SIGNAL_WITHIN_MS);
      try {
        for (const generation of frozen) sendSignal(generation, 'SIGSTOP');
      } catch (error) {
        thaw();
        throw new StepFailure(
          `The target could not be frozen: ${(error as Error).message}.`,
          'Run zerodrop as the user that the target runs as.',
        );
      }
      stopped();
      await delay(forMs);
    },
    thaw,
  };
}
