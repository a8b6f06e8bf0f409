/**
 * Which of the old workers a reload must wait for: those that serve, not every child of the main process.
 *
 * Rule: told by what they did. Where workers hold the listening socket, those that do; and where new processes came
 * that run the same as some of them, these: a helper (multiprocessing's resource tracker, a log writer) is not
 * replaced, so nothing new is like it. Where neither tells anything, all of them.
 */
import type { Look } from '../../processes/ours.ts';
import { isAlive } from '../../processes/proc.ts';
import { isOld, type State } from './state.ts';
import { whatRuns, type Worker } from './worker.ts';

/** The old workers that have yet to end. */
export function awaitedWorkers(state: State, look: Look): Worker[] {
  const { workers } = state.restart.old;
  const listening = workers.filter(({ listens }) => listens);
  const serving = listening.length > 0 ? listening : workers;
  const fresh = look.processes.filter((process) => !isOld(state, process));
  const replaced = serving.filter(({ listens, runs }) => fresh.some(({ pid }) => whatRuns(pid, listens) === runs));
  return (replaced.length > 0 ? replaced : serving).filter(isAlive);
}
