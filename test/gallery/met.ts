/**
 * The load of the machine that an attempt met.
 *
 * Rule: measured over the attempt itself where the system keeps account (/proc/pressure), and always the load average
 * at its end.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

export interface Met {
  /** Load average over a minute, at the end. */
  load: number;
  /** Share of the time in which some process waited for a core; absent where the system does not say. */
  waitingShare?: number;
}

/** Starts looking. Call what it returns at the end. */
export function watchMachine(): () => Met {
  const [startedMs, startedUs] = [performance.now(), cpuStallUs()];
  return () => {
    const endedUs = cpuStallUs();
    const load = loadavg()[0] as number;
    if (startedUs === undefined || endedUs === undefined) return { load };
    return { load, waitingShare: Math.min(1, (endedUs - startedUs) / 1000 / (performance.now() - startedMs)) };
  };
}

export function metText({ load, waitingShare }: Met): string {
  const waiting =
    waitingShare === undefined ? '' : `, a process waited for a core ${Math.round(waitingShare * 100)} % of the time`;
  return `load average ${load.toFixed(1)}${waiting}`;
}

function cpuStallUs(): number | undefined {
  try {
    const total = /^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1];
    return total === undefined ? undefined : Number(total);
  } catch {
    return undefined;
  }
}
