/**
 * What the kernel says about this machine and this process.
 *
 * Rule: nothing here throws and nothing is guessed: what cannot be read, or is no Linux, is absent.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, loadavg } from 'node:os';

export interface MachineFacts {
  clockSource?: string;
  /** Limit of open files of this process. Node raises it to the most that it may have. */
  openFiles?: number;
  /** First and last ephemeral port. */
  ports?: [number, number];
  /** 0: ports of ended connections rest for a minute; 1: they may be used again at once; 2: on the loopback only. */
  twReuse?: number;
  somaxconn?: number;
  migrateReq?: number;
  cores: number;
  /** Cores' worth of time that a control group allows. */
  quotaCores?: number;
  loadAverage: number;
  /** /proc shows other processes, and the sockets of this machine. */
  procReadable: boolean;
  /** Memory that can still be used, in bytes; what a control group allows, if that is less. */
  memoryBytes: number;
}

/** Reads the facts. */
export function machineFacts(): MachineFacts {
  const ports = numbersIn('/proc/sys/net/ipv4/ip_local_port_range');
  const allowedBytes = process.constrainedMemory();
  const clockSource = textOf('/sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim();
  return {
    ...(clockSource === undefined ? {} : { clockSource }),
    ...present('openFiles', openFilesIn(textOf('/proc/self/limits') ?? '')),
    ...(ports.length === 2 ? { ports: ports as [number, number] } : {}),
    ...present('twReuse', numbersIn('/proc/sys/net/ipv4/tcp_tw_reuse')[0]),
    ...present('somaxconn', numbersIn('/proc/sys/net/core/somaxconn')[0]),
    ...present('migrateReq', numbersIn('/proc/sys/net/ipv4/tcp_migrate_req')[0]),
    cores: availableParallelism(),
    ...present('quotaCores', quotaCores()),
    loadAverage: loadavg()[0] as number,
    procReadable:
      textOf('/proc/1/stat') !== undefined &&
      textOf('/proc/self/environ') !== undefined &&
      textOf('/proc/net/tcp') !== undefined,
    memoryBytes: allowedBytes > 0 ? Math.min(freemem(), allowedBytes - process.memoryUsage.rss()) : freemem(),
  };
}

/**
 * The soft limit of open files in the text of /proc/self/limits; Infinity when there is none, undefined when it is not
 * told.
 */
export function openFilesIn(limits: string): number | undefined {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : soft === 'unlimited' ? Infinity : Number(soft);
}

/** Cores' worth of time in cpu.max of cgroup 2 (`quota period`, in microseconds); undefined without a quota. */
export function quotaIn(cpuMax: string): number | undefined {
  const [quota, period] = cpuMax.trim().split(/\s+/).map(Number);
  return quota !== undefined && quota > 0 && period !== undefined && period > 0 ? quota / period : undefined;
}

function quotaCores(): number | undefined {
  const folder = '/sys/fs/cgroup';
  const version2 = textOf(`${folder}/cpu.max`);
  if (version2 !== undefined) return quotaIn(version2);
  return quotaIn(
    `${textOf(`${folder}/cpu/cpu.cfs_quota_us`) ?? ''} ${textOf(`${folder}/cpu/cpu.cfs_period_us`) ?? ''}`,
  );
}

function present<K extends keyof MachineFacts>(key: K, value: MachineFacts[K] | undefined): Partial<MachineFacts> {
  return value === undefined ? {} : { [key]: value };
}

function numbersIn(path: string): number[] {
  return (textOf(path) ?? '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(Number);
}

/** Text of a file of the kernel; undefined when it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
