/**
 * A process below the main one, as it was when the restart began.
 *
 * Rule: what tells workers from helpers is remembered then, since it cannot be read any more when one is gone.
 */
import { linkOf } from '../../processes/listeners.ts';
import { commandLineOf, generationOf, type Generation, type ProcessStat } from '../../processes/proc.ts';

/** A process below the main one, as it was when the restart began. */
export interface Worker extends Generation {
  /** It held the listening socket. */
  listens: boolean;
  /** What it ran: the program; where it holds no listener, the whole command line, which tells more. */
  runs: string;
}

/** What is remembered of workers; `owners` hold the listening socket. */
export function workersIn(processes: readonly ProcessStat[], owners: readonly ProcessStat[]): Worker[] {
  return processes.map((process) => {
    const listens = owners.some(({ pid }) => pid === process.pid);
    return { ...generationOf(process), listens, runs: whatRuns(process.pid, listens) };
  });
}

/** What a process runs, as {@link Worker} has it. */
export function whatRuns(pid: number, listens: boolean): string {
  return listens ? linkOf(`/proc/${pid}/exe`) : commandLineOf(pid);
}
