/**
 * Which processes belong to the target: its process groups, the token in their environment, the owner of the port that
 * it was started on, its pid file, and everything below those.
 *
 * Rule: nothing else is ever signalled; never process 1, never ourselves or what is above us. One way alone does not
 * find them all: a daemon leaves its group, nginx overwrites its environment. What was once found stays known until it
 * is gone.
 */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { findListeners, type Endpoint } from './listeners.ts';
import { below, hasInEnvironment, ownLine, pids, processOf, type ProcessStat } from './proc.ts';

/** The variable that marks every process of a run. */
export const TOKEN_VARIABLE = 'ZERODROP_TOKEN';

/** By what the processes of a target are recognised; also what the warden is told. */
export interface Claim {
  token?: string | undefined;
  groups: readonly number[];
  /** Where the target listens; its owner is the target when it started no earlier than `sinceTicks`. */
  endpoint?: Endpoint | undefined;
  pidFile?: string | undefined;
  /** Start time of the first process of the target, clock ticks since boot. */
  sinceTicks: number;
}

/** One look at the target. */
export interface Look {
  /** All living processes of the target. */
  processes: ProcessStat[];
  /** Those that hold a listening socket of its port. */
  owners: ProcessStat[];
  /** The process that the pid file names. */
  named?: ProcessStat;
  /** The listening sockets of its port. */
  inodes: Set<string>;
}

export interface Ours {
  /** Looks again. `thorough`: takes no short cut past processes that were found not to be ours. */
  look(thorough?: boolean): Look;
}

/** A foreign process is looked at until it is so old; a younger one may yet open the port. */
const YOUNG_MS = 10_000;
/** All processes of the machine are searched for the owner of the port no more often than this. */
const SEARCH_ALL_EVERY_MS = 200;
/** Clock ticks are hundredths of a second for user space on every Linux. */
const MS_PER_TICK = 10;

export function trackOurs(claim: () => Claim): Ours {
  const never = ownLine();
  /** Start times by pid. */
  const known = new Map<number, number>();
  /** When a foreign process stops being young, by pid. */
  const youngUntilMs = new Map<number, number>();
  const listeners = findListeners();
  let searchedAllAtMs = -Infinity;

  const look = (thorough = false): Look => {
    const { token, groups, endpoint, pidFile, sinceTicks } = claim();
    const nowMs = performance.now();
    if (thorough) youngUntilMs.clear();
    const present = pids();
    const ours = new Map<number, ProcessStat>();
    const strangers: ProcessStat[] = [];
    for (const pid of present) {
      if (never.has(pid) || nowMs > (youngUntilMs.get(pid) ?? Infinity)) continue;
      const process = processOf(pid);
      if (process === undefined) continue;
      const isOurs =
        known.get(pid) === process.startTicks ||
        (groups.includes(process.group) && process.startTicks >= sinceTicks) ||
        (token !== undefined && hasInEnvironment(pid, `${TOKEN_VARIABLE}=${token}`));
      if (isOurs) ours.set(pid, process);
      else strangers.push(process);
    }
    const adopt = (processes: readonly ProcessStat[]): void => {
      for (const process of processes) ours.set(process.pid, process);
      const all = [...ours.values(), ...strangers.filter(({ pid }) => !ours.has(pid))];
      for (const process of below(all, new Set(ours.keys()))) ours.set(process.pid, process);
    };
    adopt([]);
    const named = pidFile === undefined ? undefined : processNamedIn(pidFile, never, sinceTicks);
    if (named !== undefined) adopt([named]);
    const inodes = endpoint === undefined ? new Set<string>() : listeners.inodes(endpoint, thorough);
    adopt(
      listeners.among(
        strangers.filter(({ pid, startTicks }) => !ours.has(pid) && startTicks >= sinceTicks),
        inodes,
      ),
    );
    const owners = listeners.among([...ours.values()], inodes);

    known.clear();
    for (const { pid, startTicks } of ours.values()) known.set(pid, startTicks);
    const there = new Set(present);
    for (const pid of youngUntilMs.keys()) if (!there.has(pid)) youngUntilMs.delete(pid);
    for (const { pid, startTicks } of strangers) {
      if (ours.has(pid) || youngUntilMs.has(pid)) continue;
      youngUntilMs.set(pid, nowMs + YOUNG_MS - (uptime() * 1000 - startTicks * MS_PER_TICK));
    }
    if (owners.length === 0 && inodes.size > 0 && !thorough && nowMs - searchedAllAtMs > SEARCH_ALL_EVERY_MS) {
      searchedAllAtMs = nowMs;
      return look(true);
    }
    return { processes: [...ours.values()], owners, inodes, ...(named === undefined ? {} : { named }) };
  };
  return { look };
}

/** A file left from earlier may name a pid that has been used again: only a process of the target's time counts. */
function processNamedIn(path: string, never: ReadonlySet<number>, sinceTicks: number): ProcessStat | undefined {
  const pid = Number.parseInt(readText(path), 10);
  const process = Number.isInteger(pid) && !never.has(pid) ? processOf(pid) : undefined;
  return process !== undefined && process.startTicks >= sinceTicks ? process : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
