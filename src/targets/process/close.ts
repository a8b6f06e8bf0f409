/**
 * The end of a target: asked to stop, then everything of it is killed.
 *
 * Rule: afterwards no process of ours is left, and port and socket are free.
 */
import { killAll } from '../../processes/kill.ts';
import { commandLineOf, generationOf, isRunning } from '../../processes/proc.ts';
import type { Closing } from '../target.ts';
import { mainOf, type State } from './state.ts';
import { signalProcess } from './stop.ts';
import { until } from '../../processes/wait.ts';

const STOP_WITHIN_MS = 3000;
const FOLLOW_WITHIN_MS = 1000;
const KILL_WITHIN_MS = 5000;

/** Ends every process of the target. */
export async function endTarget(state: State): Promise<Closing> {
  const { stop_signal: signal, stop_grace_period: graceMs } = state.setting.target;
  const main = mainOf(state, state.ours.look(true));
  // Cut short while a successor starts, that is no main process yet.
  const { old, successor } = state.restart;
  const mains = [main === undefined ? undefined : generationOf(main), old.main, successor?.instance.generation]
    .flatMap((one) => one ?? [])
    // In whatever image: a successor may still be the launcher that is about to execute it.
    .filter(isRunning);
  for (const main of new Map(mains.map((one) => [one.pid, one])).values()) {
    try {
      signalProcess(state, main, signal);
    } catch {
      // It ended just now; what is left of it is found below.
    }
  }
  const ended = await until(() => !mains.some(isRunning), Math.min(graceMs, STOP_WITHIN_MS));
  const followed = ended && (await until(() => state.ours.look(true).processes.length === 0, FOLLOW_WITHIN_MS));
  const left = followed ? [] : state.ours.look(true).processes;
  const leftovers = ended
    ? left.map((one) => ({ id: state.idOf(generationOf(one)), command: commandLineOf(one.pid) }))
    : [];
  for (const { instance } of state.instances) if (instance.ended === undefined) instance.noteSignal('SIGKILL');
  await killAll(state.ours, KILL_WITHIN_MS);
  for (const { instance } of state.instances) await Promise.race([instance.exit, until(() => false, 1000)]);
  return { leftovers, forced: !ended };
}
