/**
 * Processes as /proc shows them: who is there, since when, and in which image.
 *
 * Rule: nothing here throws because a process has gone, or because there is no /proc: then it is simply not seen.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ZerodropError } from '../errors.ts';

/** One line of /proc/pid/stat. */
export interface ProcessStat {
  pid: number;
  name: string;
  /** R, S, D, T, Z and so on, see proc(5). */
  state: string;
  parent: number;
  group: number;
  session: number;
  /** Start time in clock ticks since boot. */
  startTicks: number;
  /** Address of the bottom of the stack: it changes with execve; 0 when it may not be read. */
  image: number;
}

/** A process of one generation: numbers are given anew and execve keeps them, so a generation is all three together. */
export type Generation = Pick<ProcessStat, 'pid' | 'startTicks' | 'image'>;

/** What a process uses. */
export interface ProcessSample {
  processes: number;
  fds: number;
  rssBytes: number;
  threads: number;
}

/** The process that a line of /proc/pid/stat describes. Its name may hold spaces and parentheses. */
export function processIn(line: string): ProcessStat | undefined {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // Field n of proc(5) is at n - 3 here.
  const fields = line
    .slice(close + 2)
    .trim()
    .split(' ');
  if (fields.length < 26) return undefined;
  const field = (n: number): number => Number(fields[n - 3]);
  return {
    pid: Number(line.slice(0, open)),
    name: line.slice(open + 1, close),
    state: fields[0] as string,
    parent: field(4),
    group: field(5),
    session: field(6),
    startTicks: field(22),
    image: field(28),
  };
}

/** Whether there is a /proc that shows processes. */
export function seesProcesses(): boolean {
  return existsSync('/proc/self/stat');
}

/** Clock ticks that a process and the children that it has waited for have used, from its line of /proc/pid/stat. */
export function ticksIn(line: string): number {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime: fields 14 to 17 of proc(5).
  return [14, 15, 16, 17].reduce((sum, n) => sum + (Number(fields[n - 3]) || 0), 0);
}

/** Throws ZerodropError `not-linux` where targets cannot be started; `hint` is what to do instead. */
export function assertProc(hint: string): void {
  if (!seesProcesses()) {
    throw new ZerodropError(
      'not-linux',
      'zerodrop follows the processes that it starts through /proc, which this system does not have.',
      hint,
    );
  }
}

/** All pids. */
export function pids(): number[] {
  return namesIn('/proc').map(Number).filter(Number.isInteger);
}

/** The process with this pid; undefined when there is none, or only its zombie. */
export function processOf(pid: number): ProcessStat | undefined {
  const process = processIn(textOf(`/proc/${pid}/stat`));
  return process === undefined || 'ZX'.includes(process.state) ? undefined : process;
}

/** The generation that a process is. */
export function generationOf(process: ProcessStat): Generation {
  return { pid: process.pid, startTicks: process.startTicks, image: process.image };
}

/** Whether both are the same process in the same image. An image that could not be read says nothing. */
export function isSameGeneration(one: Generation, other: Generation): boolean {
  const sameImage = one.image === other.image || one.image === 0 || other.image === 0;
  return one.pid === other.pid && one.startTicks === other.startTicks && sameImage;
}

/** Whether this process still runs, in whatever image. */
export function isRunning({ pid, startTicks }: Pick<Generation, 'pid' | 'startTicks'>): boolean {
  return processOf(pid)?.startTicks === startTicks;
}

/** Whether this very generation still lives. */
export function isAlive(generation: Generation): boolean {
  const process = processOf(generation.pid);
  return process !== undefined && isSameGeneration(generationOf(process), generation);
}

/** Whether the process was started with this variable in its environment; false when that may not be read. */
export function hasInEnvironment(pid: number, assignment: string): boolean {
  return textOf(`/proc/${pid}/environ`).split('\0').includes(assignment);
}

/** What a process does with a signal: `ignored` also where the kernel drops it. */
export type Disposition = 'handled' | 'ignored' | 'default';

/** What a process does with a signal by its number, in text of /proc/pid/status. */
export function dispositionIn(status: string, signal: number): Disposition {
  const has = (mask: string): boolean => {
    const bits = new RegExp(`^${mask}:\\s+([0-9a-f]+)$`, 'm').exec(status)?.[1];
    return bits !== undefined && ((BigInt(`0x${bits}`) >> BigInt(signal - 1)) & 1n) === 1n;
  };
  if (has('SigCgt')) return 'handled';
  return has('SigIgn') ? 'ignored' : 'default';
}

/** Whether a process is the first one of a pid namespace below ours: signals that it does not handle are dropped. */
export function isFirstIn(status: string): boolean {
  const numbers = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? [];
  return numbers.length > 1 && numbers.at(-1) === '1';
}

/** The command line of a process in one line, or its name. */
export function commandLineOf(pid: number): string {
  const line = textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return line === '' ? (processOf(pid)?.name ?? 'unknown') : line.slice(0, 120);
}

/** This process and all above it. */
export function ownLine(): Set<number> {
  const line = new Set<number>([1]);
  let pid = process.pid;
  while (pid > 1 && !line.has(pid)) {
    line.add(pid);
    pid = processIn(textOf(`/proc/${pid}/stat`))?.parent ?? process.ppid;
  }
  return line;
}

/** Those of `processes` that have one of `roots` above them, not the roots themselves. */
export function below(processes: readonly ProcessStat[], roots: ReadonlySet<number>): ProcessStat[] {
  const found = new Set<number>();
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of processes) {
      if (found.has(pid) || roots.has(pid) || !(roots.has(parent) || found.has(parent))) continue;
      found.add(pid);
      grew = true;
    }
  }
  return processes.filter(({ pid }) => found.has(pid));
}

/** The processes that have ended, and that one of `parents` should have waited for. */
export function zombiesOf(parents: readonly ProcessStat[]): ProcessStat[] {
  const known = new Set(parents.map(({ pid }) => pid));
  return pids().flatMap((pid) => {
    const process = processIn(textOf(`/proc/${pid}/stat`));
    return process?.state === 'Z' && known.has(process.parent) ? [process] : [];
  });
}

/** What these processes use together. */
export function sampleOf(processes: readonly ProcessStat[]): ProcessSample {
  const sample = { processes: processes.length, fds: 0, rssBytes: 0, threads: 0 };
  for (const { pid } of processes) {
    const status = textOf(`/proc/${pid}/status`);
    sample.fds += namesIn(`/proc/${pid}/fd`).length;
    sample.rssBytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    sample.threads += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return sample;
}

/** Text of a file under /proc; empty when it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Names in a folder under /proc; none when it cannot be read. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
