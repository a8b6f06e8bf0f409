/**
 * Writes how busy the machine is into the log while a session runs: around its restarts and its sham restarts alike.
 *
 * Rule: a look costs some milliseconds of this process, so it is taken twice a second and not more often.
 */
import { loadBetween, loadCounters } from '../machine/load.ts';
import type { Event } from '../model/event.ts';
import { TOKEN_VARIABLE } from '../processes/ours.ts';
import { openUsage } from '../processes/usage.ts';

const EVERY_MS = 500;

export interface MachineWatchOptions {
  session: number;
  token: string;
  /** Whether the target's processes are ours to know: not those of one that was there before. */
  knowsTarget: boolean;
  write: (event: Event) => void;
  /** ms since the run's start. */
  nowMs: () => number;
}

/** Begins to look; the function that it returns ends it. Looks at nothing where there is no /proc. */
export function watchMachine({ session, token, knowsTarget, write, nowMs }: MachineWatchOptions): () => void {
  const usedTicks = openUsage(`${TOKEN_VARIABLE}=${token}`);
  const look = (): Look | undefined => {
    const counters = loadCounters();
    return counters === undefined ? undefined : { counters, ours: usedTicks(), atMs: nowMs() };
  };
  let before = look();
  if (before === undefined) return () => undefined;
  const timer = setInterval(() => {
    const after = look();
    if (before !== undefined && after !== undefined) {
      const tookMs = after.atMs - before.atMs;
      const load = loadBetween(before.counters, after.counters, tookMs, after.ours - before.ours);
      if (load !== undefined) {
        const { othersShare, ...known } = load;
        const shares = knowsTarget ? { ...known, othersShare } : known;
        write({ kind: 'machine', session, atMs: after.atMs, tookMs, ...shares });
      }
    }
    before = after;
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

interface Look {
  counters: NonNullable<ReturnType<typeof loadCounters>>;
  ours: number;
  atMs: number;
}
