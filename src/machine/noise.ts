/**
 * How evenly time passes for a process on this machine: a core is kept busy for a moment, and every hole in it was
 * somebody else's.
 *
 * Rule: measured, not read from a load average, because neighbours on the same host do not show in ours.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../model/quantile.ts';

export interface Noise {
  /** Smallest step of the clock, ns. */
  clockStepNs: number;
  /** Lateness of a timer of 1 ms in an idle process, ms. */
  timerP50Ms: number;
  timerP99Ms: number;
  /** Share of the time that a busy process did not get, and the longest hole. */
  lostShare: number;
  longestHoleMs: number;
  /** Share of all cores' time that the host gave to other machines; absent where that is not told. */
  stealShare?: number;
}

/** Shorter holes are interrupts and our own clock reading, ms. */
const SHORTEST_HOLE_MS = 0.1;

/** Measures for about `forMs`: one half with timers, one half busy. */
export async function measureNoise(forMs: number): Promise<Noise> {
  const before = cpuTicks();
  const lateMs = await timerLateness(forMs / 2);
  const { lostShare, longestHoleMs } = holes(forMs / 2);
  const after = cpuTicks();
  const total = before === undefined || after === undefined ? 0 : after.total - before.total;
  return {
    clockStepNs: clockStepNs(),
    timerP50Ms: quantileOf(lateMs, 0.5),
    timerP99Ms: quantileOf(lateMs, 0.99),
    lostShare,
    longestHoleMs,
    ...(before === undefined || after === undefined || total === 0
      ? {}
      : { stealShare: (after.steal - before.steal) / total }),
  };
}

/** Ticks of all cores since boot: all of them, and those that the host took. The first line of /proc/stat. */
export function cpuTicksIn(stat: string): { total: number; steal: number } | undefined {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  // user nice system idle iowait irq softirq steal; guest time is in user already.
  if (fields === undefined || fields.length < 8) return undefined;
  return { total: fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), steal: fields[7] as number };
}

function cpuTicks(): { total: number; steal: number } | undefined {
  try {
    return cpuTicksIn(readFileSync('/proc/stat', 'latin1'));
  } catch {
    return undefined;
  }
}

async function timerLateness(forMs: number): Promise<number[]> {
  const lateMs: number[] = [];
  const endMs = performance.now() + forMs;
  for (let nowMs = performance.now(); nowMs < endMs;) {
    await delay(1);
    const wokenMs = performance.now();
    lateMs.push(Math.max(0, wokenMs - nowMs - 1));
    nowMs = wokenMs;
  }
  return lateMs.sort((one, other) => one - other);
}

function holes(forMs: number): { lostShare: number; longestHoleMs: number } {
  const startMs = performance.now();
  let lastMs = startMs;
  let lostMs = 0;
  let longestHoleMs = 0;
  while (lastMs - startMs < forMs) {
    const nowMs = performance.now();
    const holeMs = nowMs - lastMs;
    lastMs = nowMs;
    if (holeMs < SHORTEST_HOLE_MS) continue;
    lostMs += holeMs;
    longestHoleMs = Math.max(longestHoleMs, holeMs);
  }
  return { lostShare: lostMs / (lastMs - startMs), longestHoleMs };
}

function clockStepNs(): number {
  let smallest = Infinity;
  let last = process.hrtime.bigint();
  for (let reading = 0; reading < 10_000; reading += 1) {
    const now = process.hrtime.bigint();
    if (now > last) smallest = Math.min(smallest, Number(now - last));
    last = now;
  }
  return smallest;
}
