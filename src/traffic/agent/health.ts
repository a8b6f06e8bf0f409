/**
 * The harness's own health: how late arrivals left, how late the event loop was, and what it cost.
 *
 * Rule: measured in the process that sends, all the time, so that a verdict can be refused when the instrument was not
 * fit.
 */
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { EventOf } from '../../model/event.ts';

/** Period of the event loop's own timer, ms; what exceeds it is delay. Each period wakes the process. */
const RESOLUTION_MS = 10;

export interface Health {
  /** An arrival left (or was given up) so late. */
  late: (lateMs: number) => void;
  /** What was measured since the start. */
  measured(): Omit<EventOf<'harness'>, 'session'>;
}

/** Begins to measure. */
export function watchHealth(): Health {
  const lateUs = createHistogram();
  const loopNs = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loopNs.enable();
  const cpuAtStart = process.cpuUsage();
  const loopDelayMs = (ns: number): number => (loopNs.count === 0 ? 0 : Math.max(0, ns / 1e6 - RESOLUTION_MS));

  return {
    // The histogram counts from 1: a microsecond too much is below the clock's worth.
    late: (ms) => lateUs.record(Math.max(1, Math.round(ms * 1000))),
    measured() {
      const some = lateUs.count > 0;
      const cpu = process.cpuUsage(cpuAtStart);
      return {
        kind: 'harness',
        sendDelayP50Ms: some ? lateUs.percentile(50) / 1000 : 0,
        sendDelayP99Ms: some ? lateUs.percentile(99) / 1000 : 0,
        sendDelayMaxMs: some ? lateUs.max / 1000 : 0,
        eventLoopDelayP99Ms: loopDelayMs(loopNs.percentile(99)),
        eventLoopDelayMaxMs: loopDelayMs(loopNs.max),
        agentCpuMs: (cpu.user + cpu.system) / 1000,
      };
    },
  };
}
