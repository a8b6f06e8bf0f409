/**
 * Which processes belong to the target: its process groups, the token in their environment, its pid file, everything
 * below those, and (attached) the holder of its port.
 *
 * Rule: signal.ts says what counts as proof; nothing else is ever signalled, and never process 1, ourselves or what is
 * above us. One way alone does not find them all: a daemon leaves its group, nginx overwrites its environment. What was
 * once found stays known until it is gone.
 */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { membersOf, MS_PER_TICK, type Group } from './group.ts';
import { findListeners, type Endpoint } from './listeners.ts';
import { below, hasInEnvironment, ownLine, pids, processOf, type ProcessStat } from './proc.ts';
import type { ProcessId } from './signal.ts';

/** The variable that marks every process of a run. */
export const TOKEN_VARIABLE = 'ZERODROP_TOKEN';

/** By what the processes of a target are recognised; also what the warden is told. */
export interface Claim {
  token?: string | undefined;
  /** A look keeps them up to date. */
  groups: readonly Group[];
  /** Where the target listens. */
  endpoint?: Endpoint | undefined;
  /** The target ran before: whoever holds its port is the target. */
  attached?: boolean | undefined;
  pidFile?: string | undefined;
  /** Start time of the first process of the target, clock ticks since boot. */
  sinceTicks: number;
  /** Processes that were found to be ours before. */
  known?: readonly ProcessId[] | undefined;
}

/** One look at the target. */
export interface Look {
  /** All living processes of the target. */
  processes: ProcessStat[];
  /** Those that hold a listening socket of its port. */
  owners: ProcessStat[];
  /** Processes that hold its port and are not proven to be the target's: looked for when none of the target's does. */
  strangers: ProcessStat[];
  /** The process that the pid file names. */
  named?: ProcessStat;
  /** The listening sockets of its port. */
  inodes: Set<string>;
}

export interface Ours {
  /** Looks again. `thorough`: takes no short cut past processes that were found not to be ours. */
  look(thorough?: boolean): Look;
  /** What was found to be ours by the last look. */
  known(): ProcessId[];
}

/** A foreign process is looked at until it is so old; a younger one may yet open the port. */
const YOUNG_MS = 10_000;
/** All processes of the machine are searched for the owner of the port no more often than this. */
const SEARCH_ALL_EVERY_MS = 200;
/** Looks for what `claim` describes. `found` is called when a look has found other processes than the one before it. */
export function trackOurs(claim: () => Claim, found: () => void = () => undefined): Ours {
  const never = ownLine();
  /** Start times by pid. */
  const known = new Map<number, number>();
  let isFirst = true;
  /** When a foreign process stops being young, by pid. */
  const youngUntilMs = new Map<number, number>();
  const listeners = findListeners();
  let searchedAllAtMs = -Infinity;

  const look = (thorough = false): Look => {
    const { token, groups, endpoint, attached = false, pidFile, sinceTicks, known: before = [] } = claim();
    if (isFirst) for (const { pid, startTicks } of before) known.set(pid, startTicks);
    isFirst = false;
    const nowMs = performance.now();
    if (thorough) youngUntilMs.clear();
    const present = pids();
    const isProven = ({ pid, startTicks }: ProcessStat): boolean =>
      known.get(pid) === startTicks || (token !== undefined && hasInEnvironment(pid, `${TOKEN_VARIABLE}=${token}`));
    const seen = present.flatMap((pid) => {
      if (never.has(pid) || nowMs > (youngUntilMs.get(pid) ?? Infinity)) return [];
      return processOf(pid) ?? [];
    });
    const ours = new Map(seen.filter(isProven).map((process) => [process.pid, process]));
    const adopt = (processes: readonly ProcessStat[]): void => {
      for (const process of processes) ours.set(process.pid, process);
      for (const process of below(seen, new Set(ours.keys()))) ours.set(process.pid, process);
    };
    adopt(groups.flatMap((group) => membersOf(group, seen, ({ pid }) => ours.has(pid))));
    const others = (): ProcessStat[] => seen.filter(({ pid }) => !ours.has(pid));
    const inodes = endpoint === undefined ? new Set<string>() : listeners.inodes(endpoint, thorough);
    const named = pidFile === undefined ? undefined : processNamedIn(pidFile, never, sinceTicks);
    const isNamed = named !== undefined && (ours.has(named.pid) || serves(named, listeners.among(seen, inodes), seen));
    if (isNamed) adopt([named]);
    if (attached) adopt(listeners.among(others(), inodes));
    const owners = listeners.among([...ours.values()], inodes);

    const isOther = ours.size !== known.size || [...ours.values()].some((one) => known.get(one.pid) !== one.startTicks);
    known.clear();
    for (const { pid, startTicks } of ours.values()) known.set(pid, startTicks);
    const there = new Set(present);
    for (const pid of youngUntilMs.keys()) if (!there.has(pid)) youngUntilMs.delete(pid);
    for (const { pid, startTicks } of others()) {
      if (youngUntilMs.has(pid)) continue;
      youngUntilMs.set(pid, nowMs + YOUNG_MS - (uptime() * 1000 - startTicks * MS_PER_TICK));
    }
    if (owners.length === 0 && inodes.size > 0 && !thorough && nowMs - searchedAllAtMs > SEARCH_ALL_EVERY_MS) {
      searchedAllAtMs = nowMs;
      return look(true);
    }
    if (isOther) found();
    return {
      processes: [...ours.values()],
      owners,
      strangers: owners.length > 0 ? [] : listeners.among(others(), inodes),
      inodes,
      ...(isNamed ? { named } : {}),
    };
  };
  return { look, known: () => [...known].map(([pid, startTicks]) => ({ pid, startTicks })) };
}

/** Whether a process is one of the holders of a socket, or stands above or below one. */
function serves(process: ProcessStat, holders: readonly ProcessStat[], all: readonly ProcessStat[]): boolean {
  const isHolder = (one: ProcessStat): boolean => holders.some(({ pid }) => pid === one.pid);
  return (
    isHolder(process) ||
    below(all, new Set([process.pid])).some(isHolder) ||
    below(all, new Set(holders.map(({ pid }) => pid))).some(({ pid }) => pid === process.pid)
  );
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
