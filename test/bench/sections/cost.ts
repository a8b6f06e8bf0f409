/**
 * Cost: CPU time for a million requests, each accounted for and logged, against tools that only count; the same server,
 * kept-alive connections.
 *
 * A tool that sends at a steady rate is woken for every answer, one that is never idle finds many at once: so tools are
 * compared at the same rate as well as at full speed.
 */
import { planOf, runAgent, streamOf } from '../agent.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';
import { peers, type Peer } from '../peers.ts';
import { startTruth, type TruthServer } from '../server.ts';

const CONNECTIONS = 32;
/**
 * A rate at which the agent finds several answers at once; it has no full speed. It needs connections to spare: it
 * opens one whenever all are busy.
 */
const FAST = { rate: 15_000, connections: 256 };
/** A run so short that it costs the tool's own start and nothing else. */
const FEW = CONNECTIONS;

interface Row {
  tool: string;
  pace: string;
  sent: number;
  /** CPU-seconds per million requests. */
  seconds: number;
}

export async function cost({ requests, ratePerSecond }: BenchOptions): Promise<Figures> {
  const server = await startTruth({ faults: {}, requests });
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const { rate, connections } of [{ rate: ratePerSecond, connections: CONNECTIONS }, FAST]) {
    const { counts, harness, ownerCpuMs, logBytes } = await runAgent(
      planOf(server.url, [streamOf({ ratePerSecond: rate, connections })]),
      (requests / rate) * 1000,
    );
    const sent = counts.due - counts.unsent;
    const pace = `${rate}/s`;
    rows.push({ tool: "zerodrop's agent", pace, sent, seconds: perMillion(harness.agentCpuMs, sent) });
    rows.push({
      tool: 'zerodrop, agent and log',
      pace,
      sent,
      seconds: perMillion(harness.agentCpuMs + ownerCpuMs, sent),
    });
    notes.push(
      `zerodrop at ${pace}: ${counts.answered} of ${counts.due} answered, ${counts.unsent} unsent; p99 of its ` +
        `own lateness ${fixed(harness.sendDelayP99Ms)} ms; ${fixed(logBytes / counts.due)} bytes of log per ` +
        'request.',
    );
  }
  for (const peer of peers()) {
    if (peer.name !== 'wrk') rows.push(await peerRow(peer, server, requests, ratePerSecond));
    rows.push(await peerRow(peer, server, requests));
  }
  await server.close();
  const wrk = rows.find(({ tool }) => tool === 'wrk')?.seconds;
  return {
    about:
      `CPU-seconds per million requests over ${CONNECTIONS} kept-alive connections (${FAST.connections} at ` +
      `${FAST.rate}/s), the start of each tool taken off.`,
    head: ['tool', 'pace', 'requests', 'CPU-s per million', 'against wrk'],
    rows: rows.map(({ tool, pace, sent, seconds }) => [
      tool,
      pace,
      sent.toLocaleString('en-US'),
      fixed(seconds),
      wrk === undefined ? '' : fixed(seconds / wrk, 2),
    ]),
    notes,
  };
}

async function peerRow(peer: Peer, server: TruthServer, requests: number, ratePerSecond?: number): Promise<Row> {
  const fast = { url: server.url, connections: CONNECTIONS, seconds: Math.max(2, requests / 20_000), requests };
  const job = ratePerSecond === undefined ? fast : { ...fast, seconds: requests / ratePerSecond, ratePerSecond };
  // wrk cannot be asked for a few requests, and starts in no time.
  const start = peer.name === 'wrk' ? 0 : (await peer.run({ ...fast, requests: FEW })).cpuMs;
  const before = (await server.told()).requests;
  const { cpuMs } = await peer.run(job);
  const sent = (await server.told()).requests - before;
  return {
    tool: peer.name,
    pace: ratePerSecond === undefined ? 'full speed' : `${ratePerSecond}/s`,
    sent,
    seconds: perMillion(cpuMs - start, sent),
  };
}

function perMillion(cpuMs: number, sent: number): number {
  return (cpuMs / 1000 / sent) * 1e6;
}
