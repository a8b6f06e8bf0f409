/**
 * How busy this machine is: all its cores, between two looks.
 *
 * Rule: nothing is judged here. Where the kernel has no pressure stall information (/proc/pressure, since Linux 4.20)
 * that share is absent, not 0.
 */
import { textOf } from './facts.ts';

/** The counters of one look; ticks are those of /proc/stat, usually 10 ms. */
export interface LoadCounters {
  /** Of all cores together, whatever they did. */
  allTicks: number;
  /** Neither idle nor waiting for a disk; stolen time left out. */
  busyTicks: number;
  /** Taken by the hypervisor for other machines. */
  stolenTicks: number;
  /** Time in which some task waited for a core, µs. */
  stalledUs?: number;
  /** Tasks that run or wait for a core at this moment. */
  runnable: number;
}

/** What a machine did between two looks; shares are from 0 to 1. */
export interface MachineLoad {
  busyShare: number;
  /** Used by processes that are neither zerodrop's nor the target's. */
  othersShare: number;
  stolenShare: number;
  /** The part of the time in which some task waited for a core; absent where the kernel does not say. */
  stalledShare?: number;
  runnable: number;
}

/** Reads the counters of this machine; undefined where there is no /proc/stat. */
export function loadCounters(): LoadCounters | undefined {
  const stat = textOf('/proc/stat');
  return stat === undefined ? undefined : countersIn(stat, textOf('/proc/pressure/cpu'));
}

/**
 * The counters in the texts of /proc/stat and /proc/pressure/cpu; undefined when the first has no line for all
 * cores.
 */
export function countersIn(stat: string, pressure: string | undefined): LoadCounters | undefined {
  // user nice system idle iowait irq softirq steal; guest time is part of user.
  const fields = /^cpu +([\d ]+)/m.exec(stat)?.[1]?.split(' ').map(Number);
  if (fields === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, stolenTicks = 0] = fields;
  const busyTicks = user + nice + system + irq + softirq;
  const stalledUs = /^some .*total=(\d+)/m.exec(pressure ?? '')?.[1];
  return {
    allTicks: busyTicks + idle + iowait + stolenTicks,
    busyTicks,
    stolenTicks,
    ...(stalledUs === undefined ? {} : { stalledUs: Number(stalledUs) }),
    runnable: Number(/^procs_running (\d+)/m.exec(stat)?.[1] ?? 0),
  };
}

/**
 * What the machine did between two looks, `tookMs` apart. `oursTicks` is what zerodrop and the target used meanwhile.
 * Undefined when no tick passed.
 */
export function loadBetween(
  before: LoadCounters,
  after: LoadCounters,
  tookMs: number,
  oursTicks: number,
): MachineLoad | undefined {
  const allTicks = after.allTicks - before.allTicks;
  if (allTicks <= 0 || tookMs <= 0) return undefined;
  const share = (part: number): number => Math.round(Math.min(1, Math.max(0, part)) * 1000) / 1000;
  const busyTicks = after.busyTicks - before.busyTicks;
  const stalled =
    before.stalledUs === undefined || after.stalledUs === undefined
      ? undefined
      : (after.stalledUs - before.stalledUs) / 1000 / tookMs;
  return {
    busyShare: share(busyTicks / allTicks),
    othersShare: share((busyTicks - Math.max(0, oursTicks)) / allTicks),
    stolenShare: share((after.stolenTicks - before.stolenTicks) / allTicks),
    ...(stalled === undefined ? {} : { stalledShare: share(stalled) }),
    runnable: after.runnable,
  };
}
