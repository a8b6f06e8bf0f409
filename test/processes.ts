/**
 * Processes of ours, found by a mark in their environment.
 *
 * Rule: a mark is inherited by everything that is started, so that leftovers are found even when they have left their
 * parent, group and session.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Pid and command line of each process that has this mark. */
export function markedProcesses(mark: string): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').includes(mark)) return [];
      return [
        { pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() },
      ];
    } catch {
      // It ended while we looked, or is a zombie.
      return [];
    }
  });
}

/** The marked processes that are still there; waits for them to go, for some seconds at most. */
export async function leftoversOf(mark: string): Promise<{ pid: number; command: string }[]> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const left = markedProcesses(mark);
    if (left.length === 0 || waitedMs >= 8000) return left;
    await delay(100);
  }
}
