/**
 * The processor time of a process and of everything that it starts, daemons included, counted by a control group.
 *
 * Rule: it only counts and limits nothing. Where no group can be made (no root, no Linux), there is no account.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

export interface CpuAccount {
  /** The command line that runs a command inside the group, under the pid of the shell that joins it. */
  inside(words: readonly string[]): [file: string, ...words: string[]];
  /** CPU-seconds so far. */
  seconds(): number;
  /** Removes the group once nothing is in it. */
  close(): void;
}

interface Kind {
  /** Where groups are made. */
  root: string;
  secondsIn: (group: string) => number;
}

const textIn = (group: string, file: string): string => readFileSync(join(group, file), 'utf8');

/** Version 1 counts in a hierarchy of its own, version 2 in every group. */
const KINDS: readonly Kind[] = [
  { root: '/sys/fs/cgroup/cpuacct', secondsIn: (group) => Number(textIn(group, 'cpuacct.usage')) / 1e9 },
  {
    root: '/sys/fs/cgroup',
    secondsIn: (group) => Number(/^usage_usec (\d+)/m.exec(textIn(group, 'cpu.stat'))?.[1]) / 1e6,
  },
];

export function openCpuAccount(name: string): CpuAccount | undefined {
  for (const { root, secondsIn } of KINDS) {
    const group = join(root, `zerodrop-${name}`);
    try {
      mkdirSync(group);
      if (!existsSync(join(group, 'cgroup.procs'))) continue;
      secondsIn(group);
    } catch {
      continue;
    }
    return {
      inside: (words) => ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs'), ...words],
      seconds: () => secondsIn(group),
      close() {
        try {
          rmdirSync(group);
        } catch {
          // A process is still in it; an empty group costs nothing.
        }
      },
    };
  }
  return undefined;
}
