/**
 * Exactness: every fault that a server commits, by its own count, is counted once and by its right name. Then the same
 * faults, kind by kind, for each tool.
 */
import { OUTCOMES, type Outcome } from '../../../src/model/outcome.ts';
import { planOf, runAgent, streamOf } from '../agent.ts';
import type { Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';
import { PEER_LIMIT_S, peers } from '../peers.ts';
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
/** Long enough that only a stalled answer misses it on a busy machine. */
const TIMEOUT_MS = 5000;
/** One fault of one kind: so many requests around each, for the peers. */
const REQUESTS_PER_FAULT = 40;
const MOST_FAULTS_OF_A_PEER = 100;

export async function exactness({ requests, faults, ratePerSecond }: BenchOptions): Promise<Figures> {
  const server = await startTruth({ faults: Object.fromEntries(KINDS.map((kind) => [kind, faults])), requests });
  const streams = [streamOf({ ratePerSecond, connections: CONNECTIONS })];
  const { counts, due } = await runAgent(planOf(server.url, streams, TIMEOUT_MS), (requests / ratePerSecond) * 1000);
  const told = await server.told();
  await server.close();

  const expected = new Map<string, number>();
  const counted = new Map<string, number>();
  const enter = (into: Map<string, number>, outcome: Outcome, times: number): void => {
    // A connection that is closed while a request waits unread ends by RST, otherwise by FIN: which of the two no
    // process can know.
    const name = outcome === 'reset' || outcome === 'raced' ? 'reset and raced' : outcome;
    into.set(name, (into.get(name) ?? 0) + times);
  };
  for (const [act, times] of Object.entries(told.acts)) enter(expected, OUTCOME_OF[act] as Outcome, times);
  // Sent, and never read by the server: it met the end of its connection.
  enter(expected, 'raced', due - counts.unsent - told.requests);
  for (const outcome of OUTCOMES) enter(counted, outcome, counts[outcome]);
  const isExact = counts.unsent === 0 && [...counted].every(([name, times]) => (expected.get(name) ?? 0) === times);
  const verdict = isExact
    ? 'Every count is equal'
    : counts.unsent > 0
      ? 'The machine was too busy to send all requests on time, so that the counts need not be equal'
      : 'NOT EQUAL';
  const pairs = [...counted]
    .filter(([name, times]) => times > 0 || expected.has(name))
    .map(([name, times]) => `${name} ${times} → ${expected.get(name) ?? 0}`);

  const tools = peers();
  const byKind: (string | number)[][] = [];
  for (const kind of KINDS) {
    byKind.push([kind, ...(await reportedOf(kind, Math.min(faults, MOST_FAULTS_OF_A_PEER), ratePerSecond))]);
  }
  return {
    about:
      `${due.toLocaleString('en-US')} requests at ${ratePerSecond}/s over ${CONNECTIONS} kept-alive connections, ` +
      `${faults.toLocaleString('en-US')} faults of each of ${KINDS.length} kinds. In the first note, left of the ` +
      "arrow: zerodrop's count, right of it: the server's own.",
    head: ['fault', 'zerodrop (of committed)', ...tools.map(({ name }) => `${name} (of committed)`)],
    rows: byKind,
    notes: [
      `${verdict}: ${pairs.join(', ')}. Of the resets and races ${counts.raced} were proven races.`,
      'The table: one kind at a time, failures that each tool reports of those that the server committed in ' +
        `its run, ended after ${PEER_LIMIT_S} s. \`turn\` ends the idle connection that is used next: how many ` +
        'requests meet that end is a matter of microseconds, and a tool that sees the end in time has nothing to ' +
        'report.',
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
    cells.push(Number.isNaN(failures) ? 'did not end' : `${failures} of ${committed}`);
  };
  await measure(async (url) => {
    const { counts } = await runAgent(
      planOf(url, [streamOf({ ratePerSecond, connections: CONNECTIONS })]),
      seconds * 1000,
    );
    return counts.due - counts.answered - counts.unsent;
  });
  for (const peer of peers()) {
    await measure(
      async (url) =>
        (await peer.run({ url, connections: CONNECTIONS, requests, seconds, ratePerSecond, limitS: PEER_LIMIT_S }))
          .failures,
    );
  }
  return cells;
}
