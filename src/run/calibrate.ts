/**
 * Calibrates this machine: a real agent against a server that does nothing but answer.
 *
 * Rule: measured with what a run uses, process for process. Nothing of it enters a log.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startLeakyServer } from '../controls/leaky-process.ts';
import { calibrationOf, isOnTime, RATES, type Calibration, type Rung } from '../machine/calibration.ts';
import type { Plan, PlannedStream } from '../model/plan.ts';
import { startAgent } from '../traffic/agents/local.ts';

const RUNG_LASTS_MS = 600;
const NOISE_LASTS_MS = 3000;
/** The rates of a scenario that names none. */
const DEFAULT_RATE_PER_SECOND = 400;
const LEAD_MS = 50;
const TIMEOUT_MS = 2000;
const CONNECTIONS = 16;

/**
 * Tries one rate after another until one is late twice, then measures the noise. Rejects when a process cannot be
 * started or `signal` is aborted.
 */
export async function calibrate(signal: AbortSignal): Promise<Calibration> {
  const server = await startLeakyServer({ leaks: ['closed'], share: 0 });
  try {
    const rungs = await rungsOf(server.origin, signal);
    const { latenciesMs } = await send(server.origin, DEFAULT_RATE_PER_SECOND, NOISE_LASTS_MS, signal);
    return calibrationOf(rungs, latenciesMs, DEFAULT_RATE_PER_SECOND);
  } finally {
    await server.close();
  }
}

/** The highest rate that one agent sends on time here; 0 when none. Rejects as {@link calibrate}. */
export async function highestRatePerSecond(signal: AbortSignal): Promise<number> {
  const server = await startLeakyServer({ leaks: ['closed'], share: 0 });
  try {
    return (await rungsOf(server.origin, signal)).findLast(isOnTime)?.ratePerSecond ?? 0;
  } finally {
    await server.close();
  }
}

async function rungsOf(origin: string, signal: AbortSignal): Promise<Rung[]> {
  const rungs: Rung[] = [];
  for (const ratePerSecond of RATES) {
    let { rung } = await send(origin, ratePerSecond, RUNG_LASTS_MS, signal);
    // One neighbour's hiccup is no limit of this machine.
    if (!isOnTime(rung)) ({ rung } = await send(origin, ratePerSecond, RUNG_LASTS_MS, signal));
    rungs.push(rung);
    if (!isOnTime(rung)) break;
  }
  return rungs;
}

interface Sent {
  rung: Rung;
  /** Of answers, from the due moment, less the harness's own lateness. */
  latenciesMs: number[];
}

/** Sends half of the rate on new connections and half on reused ones. */
async function send(origin: string, ratePerSecond: number, forMs: number, signal: AbortSignal): Promise<Sent> {
  const sent: Sent = { rung: { ratePerSecond, sendDelayP99Ms: Infinity, unsent: 0 }, latenciesMs: [] };
  let death: string | undefined;
  const agent = await startAgent(planOf(origin, ratePerSecond), {
    session: 0,
    nowMs: () => performance.now(),
    progress: () => undefined,
    died: (reason) => (death = reason),
    event(event) {
      if (event.kind === 'answered') {
        event.latencyUs.forEach((us, row) =>
          sent.latenciesMs.push((us - Math.max(0, event.lateUs[row] as number)) / 1000),
        );
      } else if (event.kind === 'failure' && event.outcome === 'unsent') sent.rung.unsent += 1;
      else if (event.kind === 'harness') sent.rung.sendDelayP99Ms = event.sendDelayP99Ms;
    },
  });
  try {
    agent.startAt(performance.now() + LEAD_MS);
    await delay(LEAD_MS + forMs, undefined, { signal });
    await agent.finish(forMs);
  } finally {
    await agent.close();
  }
  if (death !== undefined) throw new Error(`The agent that sends the traffic ended early: ${death}`);
  return sent;
}

function planOf(origin: string, ratePerSecond: number): Plan {
  const stream = (name: 'new' | 'reused', firstDueMs: number): PlannedStream => ({
    name,
    ratePerSecond: ratePerSecond / 2,
    firstDueMs,
    connection: name,
    connections: CONNECTIONS,
    request: { method: 'GET', path: '/', headers: {}, expect: {} },
  });
  return {
    origin,
    streams: [stream('new', 0), stream('reused', 1000 / ratePerSecond)],
    sentinels: [],
    client: {
      kind: 'wire',
      timeoutMs: TIMEOUT_MS,
      connectTimeoutMs: TIMEOUT_MS,
      headTimeoutMs: TIMEOUT_MS,
      bodyTimeoutMs: TIMEOUT_MS,
      retry: 'none',
    },
  };
}
