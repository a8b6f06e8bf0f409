/**
 * The processor time that zerodrop and all that it started have used, the target included.
 *
 * Rule: a process counts when it has the run's token in its environment, or one above it counts. A parent that has
 * waited for its children counts for them, so that the sum does not fall when a process ends.
 */
import { hasInEnvironment, pids, textOf, ticksIn, processIn } from './proc.ts';

/**
 * Gives the sum in clock ticks at each call. `mark` is the variable and its value that the run gives to its
 * children.
 */
export function openUsage(mark: string, ownPid = process.pid): () => number {
  // The environment of a process is read once: it does not change, and reading it costs more than all else here.
  let marked = new Map<string, boolean>();
  return () => {
    const lines = new Map<number, string>();
    for (const pid of pids()) lines.set(pid, textOf(`/proc/${pid}/stat`));
    const known = new Map([[ownPid, true]]);
    const stillMarked = new Map<string, boolean>();
    const isOurs = (pid: number): boolean => {
      const before = known.get(pid);
      if (before !== undefined) return before;
      known.set(pid, false);
      const process = processIn(lines.get(pid) ?? '');
      if (process === undefined) return false;
      const key = `${pid} ${process.startTicks}`;
      const hasMark = marked.get(key) ?? hasInEnvironment(pid, mark);
      stillMarked.set(key, hasMark);
      const ours = hasMark || isOurs(process.parent);
      known.set(pid, ours);
      return ours;
    };
    let sum = 0;
    for (const [pid, line] of lines) if (isOurs(pid)) sum += ticksIn(line);
    marked = stillMarked;
    return sum;
  };
}
