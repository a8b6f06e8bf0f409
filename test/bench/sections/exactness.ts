/**
 * Exactness: every fault that a server commits, by its own count, is counted once and by its right name. Then the same faults, kind by
 * kind, for each tool.
 */
import type { Outcome } from '../../../src/model/outcome.ts';
import { planOf, runAgent, streamOf } from '../agent.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';
import { peers } from '../peers.ts';
import { startTruth } from '../server.ts';

/** How each fault must be counted. `turn` is answered well; what it brings about is counted apart. */
const OUTCOME_OF: Readonly<Record<string, Outcome>> = {
  good: 'answered',
  closed: 'closed',
  reset: 'reset',
  'cut-length': 'truncated',
  'cut-chunked': 'truncated',
  'cut-until-close': 'truncated',
  503: 'rejected',
  500: 'failed',
  'wrong-body': 'failed',
  stalled: 'timeout',
  turn: 'answered',
};
const KINDS = Object.keys(OUTCOME_OF).filter((kind) => kind !== 'good');
const CONNECTIONS = 32;
/** One fault of one kind: so many requests around each, for the peers. */
const REQUESTS_PER_FAULT = 40;
const MOST_FAULTS_OF_A_PEER = 100;

export async function exactness({ requests, faults, ratePerSecond }: BenchOptions): Promise<Figures> {
  const server = await startTruth({ faults: Object.fromEntries(KINDS.map((kind) => [kind, faults])), requests });
  const streams = [streamOf({ ratePerSecond, connections: CONNECTIONS })];
  const { counts, due } = await runAgent(planOf(server.url, streams), (requests / ratePerSecond) * 1000);
  const told = await server.told();
  await server.close();

  const expected: Partial<Record<Outcome, number>> = {};
  for (const [act, times] of Object.entries(told.acts)) {
    const outcome = OUTCOME_OF[act] as Outcome;
    expected[outcome] = (expected[outcome] ?? 0) + times;
  }
  // Sent, and never read by the server: it met the end of its connection.
  expected.raced = due - counts.unsent - told.requests;
  const outcomes = Object.entries(expected) as [Outcome, number][];
  const isExact = outcomes.every(([outcome, times]) => counts[outcome] === times) && counts.refused === 0;

  const tools = peers();
  const byKind: (string | number)[][] = [];
  for (const kind of KINDS) byKind.push([kind, ...(await reportedOf(kind, Math.min(faults, MOST_FAULTS_OF_A_PEER), ratePerSecond))]);
  return {
    about: `${due.toLocaleString('en-US')} requests at ${ratePerSecond}/s over ${CONNECTIONS} kept-alive connections, ${faults.toLocaleString('en-US')} faults of each of ${KINDS.length} kinds. In the first note, left of the arrow: zerodrop's count, right of it: the server's own.`,
    head: ['fault', 'zerodrop (of committed)', ...tools.map(({ name }) => `${name} (of committed)`)],
    rows: byKind,
    notes: [
      `${isExact ? 'Every count is equal' : 'NOT EQUAL'}: ${outcomes.map(([outcome, times]) => `${outcome} ${counts[outcome]} → ${times}`).join(', ')}; unsent ${counts.unsent}.`,
      'The table: one kind at a time, failures that each tool reports of those that the server committed in its run. `turn` ends the idle connection that is used next: how many requests meet that end is a matter of microseconds, and a tool that sees the end in time has nothing to report.',
    ],
  };
}

/** What zerodrop and each peer report of the faults of one kind. */
async function reportedOf(kind: string, faults: number, ratePerSecond: number): Promise<string[]> {
  const requests = faults * REQUESTS_PER_FAULT;
  const seconds = requests / ratePerSecond;
  const truth = { faults: { [kind]: faults }, requests };
  const cells: string[] = [];
  const measure = async (failuresOf: (url: string) => Promise<number>): Promise<void> => {
    const server = await startTruth(truth);
    const failures = await failuresOf(server.url);
    const committed = (await server.told()).acts[kind] ?? 0;
    await server.close();
    cells.push(`${fixed(failures, 0)} of ${committed}`);
  };
  await measure(async (url) => {
    const { counts } = await runAgent(planOf(url, [streamOf({ ratePerSecond, connections: CONNECTIONS })]), seconds * 1000);
    return counts.due - counts.answered - counts.unsent;
  });
  for (const peer of peers()) await measure(async (url) => (await peer.run({ url, connections: CONNECTIONS, requests, seconds, ratePerSecond })).failures);
  return cells;
}
