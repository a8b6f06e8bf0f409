/**
 * Waiting until the target replaces processes of its own accord.
 *
 * Rule: nothing is sent. It begins when a process that served is gone, or a new one serves, and is done when a new one
 * serves and an old one is gone.
 */
import { StepFailure } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import { isAlive } from '../../processes/proc.ts';
import { until } from '../../processes/wait.ts';
import { waitReplaced } from './replaced.ts';
import type { State } from './state.ts';
import type { Watch } from './watch.ts';

/** What a worker that leaves does to its connections comes before it is seen gone. */
const SEEN_LATE_MS = 200;

/** Waits for the next replacement. Rejects with StepFailure. */
export async function waitRecycled(state: State, watch: Watch, withinMs: number): Promise<void> {
  const { old } = state.restart;
  if (old.owners.length === 0) {
    throw new StepFailure(
      'The processes of the target cannot be seen from here, so nobody can see when one of them is replaced.',
      'Run zerodrop on the same machine and as the same user as the target.',
    );
  }
  const serving = [...old.owners, ...old.workers];
  const hasLeft = (): boolean => serving.some((process) => !isAlive(process));
  const startMs = performance.now();
  const leftMs = (): number => Math.max(0, withinMs - (performance.now() - startMs));
  if (!(await until(() => hasLeft() || watch.tick().newcomers.length > 0, withinMs, state.closing))) {
    throw new StepFailure(
      `No process of the target was replaced within ${durationText(Math.round(withinMs))}.`,
      'Let its workers end sooner (such as max_requests in gunicorn), raise the rate of traffic.arrivals, or raise ' +
        'restart.timeout.',
    );
  }
  watch.say('signalled', SEEN_LATE_MS);
  await waitReplaced(state, watch, leftMs());
  if (!(await until(hasLeft, leftMs(), state.closing))) {
    throw new StepFailure(
      'A new process serves, but no old one has ended.',
      'Where processes are only added, nothing is replaced: see the settings of its process manager.',
    );
  }
  state.lanes.draining();
  watch.say('not-accepting');
  state.lanes.gone();
  watch.say('gone');
}
