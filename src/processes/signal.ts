/**
 * Sending signals: the only place that does, but for children that Node holds itself (child.kill).
 *
 * Rule: a process is signalled only when it is proven to be ours at that moment, and it is named by its number and its
 * start time, since numbers are given anew. Proof is one of these (see ours.ts, which looks for it):
 *
 * 1. It has the run's token in its environment: a random number that only our children and theirs inherit.
 * 2. It is a member of a process group that a child of ours began and that has not been empty since: the kernel gives
 *    the number of a group to nobody else while it has a member. A group that was found empty is forgotten for good.
 * 3. Its parent is ours, or was when it was first seen.
 * 4. The scenario's pid file names it, and it holds the target's port, or stands above or below its holder.
 * 5. The target was running before (attached): it holds the port of target.url, or stands below its holder.
 *
 * That a process holds the port, or is younger than the target, proves nothing: who it is is said, and it is left
 * alone.
 * The start time is read right before the signal is sent. Between the two lie some microseconds in which the process
 * would have to end, be waited for, and its number be given anew; only a pidfd would close that, which Node has not.
 */
import { processOf } from './proc.ts';

/** A process that cannot be mistaken for another one with the same number. */
export interface ProcessId {
  pid: number;
  /** Start time in clock ticks since boot. */
  startTicks: number;
}

/** Sends a signal; false when the process is gone. Throws when it may not be signalled (another user's). */
export function sendSignal({ pid, startTicks }: ProcessId, signal: NodeJS.Signals): boolean {
  if (processOf(pid)?.startTicks !== startTicks) return false;
  return sent(pid, signal);
}

/**
 * Sends a signal to the process group that a child of ours leads, while that child has not been waited for: until then
 * neither its number nor that of its group can be another's. False when it has ended.
 */
export function signalGroup(
  leader: { pid?: number | undefined; exitCode: number | null; signalCode: NodeJS.Signals | null },
  signal: NodeJS.Signals,
): boolean {
  if (leader.pid === undefined || leader.exitCode !== null || leader.signalCode !== null) return false;
  return sent(-leader.pid, signal);
}

function sent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
