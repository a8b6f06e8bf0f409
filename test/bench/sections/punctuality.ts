/**
 * Punctuality: how late requests leave while this process starts other processes, and how steady they come, as a server
 * sees it, for each tool.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { planOf, runAgent, streamOf } from '../agent.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';
import { peers } from '../peers.ts';
import { startTruth, type TruthServer } from '../server.ts';

const CONNECTIONS = 32;
const START_EVERY_MS = 200;

export async function punctuality({ ratePerSecond, seconds }: BenchOptions): Promise<Figures> {
  const rows: string[][] = [];
  const notes: string[] = [];
  const served = async (name: string, send: (server: TruthServer) => Promise<number>): Promise<void> => {
    const server = await startTruth({
      faults: {},
      requests: ratePerSecond * seconds,
      stampRatePerSecond: ratePerSecond,
    });
    const cpuMs = await send(server);
    const { behind = { p50Ms: NaN, p99Ms: NaN } } = await server.told();
    await server.close();
    rows.push([
      name,
      `${fixed(behind.p50Ms)} ms`,
      `${fixed(behind.p99Ms)} ms`,
      `${fixed((cpuMs / 1000 / seconds) * 100, 0)} %`,
    ]);
  };

  await served('zerodrop', async ({ url }) => {
    const { harness, counts } = await runAgent(
      planOf(url, [streamOf({ ratePerSecond, connections: CONNECTIONS })]),
      seconds * 1000,
      { meanwhile: () => startProcesses(seconds * 1000) },
    );
    notes.push(
      `zerodrop's own record of due against sent: p50 ${fixed(harness.sendDelayP50Ms, 2)} ms, p99 ` +
        `${fixed(harness.sendDelayP99Ms, 2)} ms, max ${fixed(harness.sendDelayMaxMs)} ms; unsent ` +
        `${counts.unsent}.`,
    );
    return harness.agentCpuMs;
  });
  for (const peer of peers()) {
    if (peer.name === 'wrk') continue;
    await served(peer.name, async ({ url }) => {
      const [{ cpuMs }] = await Promise.all([
        peer.run({ url, connections: CONNECTIONS, seconds, requests: ratePerSecond * seconds, ratePerSecond }),
        startProcesses(seconds * 1000),
      ]);
      return cpuMs;
    });
  }
  return {
    about:
      `${ratePerSecond} requests/s for ${seconds} s, while a process is started every ${START_EVERY_MS} ms. ` +
      '"Behind" is how much later than a perfectly steady stream the server read them, the earliest being on ' +
      "time; it holds the server's own lateness, too.",
    head: ['tool', 'behind, median', 'behind, p99', 'CPU of one core'],
    rows,
    notes: [...notes, 'wrk knows no rate.'],
  };
}

/** Starts short-lived processes, as an orchestrator of restarts does. */
async function startProcesses(forMs: number): Promise<void> {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    await once(spawn(process.execPath, ['--eval', '0'], { stdio: 'ignore' }), 'close');
    await delay(START_EVERY_MS);
  }
}
