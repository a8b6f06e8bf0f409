/**
 * Ending processes for certain.
 *
 * Rule: only what a look has just shown to be ours is signalled, again and again until nothing of it is left.
 */
import { isAlive, generationOf, type ProcessStat } from './proc.ts';
import type { Ours } from './ours.ts';
import { sendSignal } from './signal.ts';
import { until } from './wait.ts';

/**
 * SIGKILL to every process of a target until two looks in a row find none. Resolves with those that could not be killed
 * in time.
 */
export async function killAll(ours: Ours, limitMs: number): Promise<ProcessStat[]> {
  let left: ProcessStat[] = [];
  let empty = 0;
  await until(() => {
    left = ours.look(true).processes;
    for (const process of left) killOne(process);
    empty = left.length === 0 ? empty + 1 : 0;
    return empty === 2;
  }, limitMs);
  return left;
}

/** SIGKILL to these processes; resolves when they are gone, or with false after `limitMs`. */
export async function killThese(processes: readonly ProcessStat[], limitMs: number): Promise<boolean> {
  for (const process of processes) killOne(process);
  return until(() => !processes.some((process) => isAlive(generationOf(process))), limitMs);
}

function killOne(process: ProcessStat): void {
  try {
    sendSignal(process, 'SIGKILL');
  } catch {
    // Not ours to kill (another user): it stays in the list of those that are left.
  }
}
