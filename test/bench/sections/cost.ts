/** Cost: CPU time for a million requests, each accounted for and logged, against tools that only count; the same server, kept-alive connections. */
import { planOf, runAgent, streamOf } from '../agent.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';
import { peers } from '../peers.ts';
import { startTruth } from '../server.ts';

const CONNECTIONS = 32;
/** A run so short that it costs the tool's own start and nothing else. */
const FEW = CONNECTIONS;

export async function cost({ requests, ratePerSecond }: BenchOptions): Promise<Figures> {
  const perMillion = (cpuMs: number, sent: number): number => (cpuMs / 1000 / sent) * 1e6;
  const figures: { name: string; seconds: number; sent: number }[] = [];

  const server = await startTruth({ faults: {}, requests });
  const { counts, harness, ownerCpuMs, logBytes } = await runAgent(planOf(server.url, [streamOf({ ratePerSecond, connections: CONNECTIONS })]), (requests / ratePerSecond) * 1000);
  const agent = perMillion(harness.agentCpuMs, counts.due);
  figures.push({ name: `zerodrop's agent, ${ratePerSecond}/s`, seconds: agent, sent: counts.due });
  figures.push({ name: 'zerodrop, agent and log', seconds: agent + perMillion(ownerCpuMs, counts.due), sent: counts.due });
  for (const peer of peers()) {
    const job = { url: server.url, connections: CONNECTIONS, seconds: Math.max(2, requests / 20_000), requests };
    const before = (await server.told()).requests;
    const { cpuMs } = await peer.run(job);
    const between = (await server.told()).requests;
    const start = await peer.run({ ...job, requests: FEW, seconds: 1, ...(peer.name === 'wrk' ? { connections: 1 } : {}) });
    // wrk cannot be asked for a few requests, and starts in no time.
    figures.push({ name: peer.name, seconds: perMillion(cpuMs - (peer.name === 'wrk' ? 0 : start.cpuMs), between - before), sent: between - before });
  }
  await server.close();
  const wrk = figures.find(({ name }) => name === 'wrk')?.seconds;
  return {
    about: `CPU-seconds per million requests over ${CONNECTIONS} kept-alive connections, the start of each tool taken off. zerodrop at its rate, the others as fast as they can.`,
    head: ['tool', 'requests', 'CPU-s per million', 'against wrk'],
    rows: figures.map(({ name, seconds, sent }) => [name, sent.toLocaleString('en-US'), fixed(seconds), wrk === undefined ? '' : fixed(seconds / wrk, 2)]),
    notes: [`The log took ${fixed(logBytes / counts.due)} bytes per request; ${counts.due - counts.answered} of zerodrop's requests were not answered.`],
  };
}
