/**
 * The ledger: every due arrival and every sentinel has exactly one outcome.
 *
 * Rule: a conservation law. A log that breaks it comes from a bug of ours, so this throws a plain Error and never
 * judges.
 */
import { count, noCounts, sumOf, type Counts } from '../../model/outcome.ts';
import { SENTINEL_SOURCES, type SentinelName } from '../../model/sentinel.ts';
import { outcomeAt } from '../fold/columns.ts';
import { dueCountBy, type Recording, type SessionRecording, type StreamRecording } from '../fold/recording.ts';

/** The end is told by the agent's clock and the start by ours; never more than this lies between them. */
const CLOCKS_DIFFER_MS = 250;

/** What became of the requests of one arm. */
export interface ArmLedger {
  /** Arrivals of all streams. */
  requests: Counts;
  streams: Record<string, Counts>;
  sentinels: Partial<Record<SentinelName, Counts>>;
  /**
   * Every session's traffic came to an orderly end, so that what was due is known from the pacing and not only from
   * what was seen.
   */
  complete: boolean;
}

/** The ledger of every arm that had a session. Throws when an arrival or a sentinel is missing or was counted twice. */
export function ledgerOf(recording: Recording): Map<string, ArmLedger> {
  const arms = new Map<string, ArmLedger>();
  for (const session of recording.sessions) {
    const ledger = arms.get(session.arm) ?? { requests: noCounts(), streams: {}, sentinels: {}, complete: true };
    arms.set(session.arm, ledger);
    if (session.traffic !== null && session.trafficEnd === null) ledger.complete = false;
    for (const stream of session.streams) {
      checkDue(session, stream);
      const counts = countsOf(session, stream);
      ledger.streams[stream.name] = sumOf([ledger.streams[stream.name] ?? noCounts(), counts]);
      ledger.requests = sumOf([ledger.requests, counts]);
    }
    enterSentinels(session, ledger);
  }
  return arms;
}

function countsOf(session: SessionRecording, stream: StreamRecording): Counts {
  const counts = noCounts();
  const { arrivals } = stream;
  for (let seq = 0; seq < arrivals.length; seq += 1) {
    const times = arrivals.timesSeen[seq] as number;
    const outcome = outcomeAt(arrivals, seq);
    if (times > 1) throw new Error(`${named(session, stream)}: arrival ${seq} has ${times} outcomes`);
    if (outcome !== undefined) {
      count(counts, outcome);
      counts.retried += arrivals.retries[seq] as number;
    } else if (session.trafficEnd !== null) {
      throw new Error(`${named(session, stream)}: arrival ${seq} has no outcome`);
    }
  }
  return counts;
}

/**
 * What was due is known twice: from the agent's own count, and from the pacing rule, which has all arrivals before the
 * end of the traffic. An interrupted or broken-off session has no count; it is judged on what was seen.
 */
function checkDue(session: SessionRecording, stream: StreamRecording): void {
  const { trafficEnd: end } = session;
  if (end === null) return;
  const seen = stream.arrivals.length;
  const due = end.due[stream.name];
  if (due === undefined) throw new Error(`${named(session, stream)}: the agent did not say how many arrivals were due`);
  if (seen < due) throw new Error(`${named(session, stream)}: arrival ${seen} has no outcome (${due} were due)`);
  if (seen > due) {
    throw new Error(`${named(session, stream)}: arrival ${due} was never due, but has an outcome (${due} were due)`);
  }
  const [least = 0, most = 0] = [-CLOCKS_DIFFER_MS, CLOCKS_DIFFER_MS].map((ms) =>
    dueCountBy(session, stream, end.atMs + ms),
  );
  if (due < least || due > most) {
    throw new Error(
      `${named(session, stream)}: the agent counted ${due} arrivals as due, the pacing rule counts ` +
        `${dueCountBy(session, stream, end.atMs)}`,
    );
  }
}

function enterSentinels(session: SessionRecording, ledger: ArmLedger): void {
  const entered = new Set<string>();
  for (const { restart, sentinel, index, outcome, story } of session.sentinels) {
    const key = `sentinel ${sentinel} ${index} of restart ${restart}`;
    if (entered.has(key)) throw new Error(`session ${session.session}: ${key} has more than one outcome`);
    entered.add(key);
    // A sham restart's sentinels were due, but belong to the controls.
    if (session.shams.some((sham) => sham.restart === restart)) continue;
    const counts = (ledger.sentinels[sentinel] ??= noCounts());
    count(counts, outcome);
    counts.retried += story.retries ?? 0;
  }
  const due = session.trafficEnd?.sentinelsDue ?? entered.size;
  if (due !== entered.size) {
    const counts = SENTINEL_SOURCES.filter((name) => ledger.sentinels[name] !== undefined).map(
      (name) => `${name} ${ledger.sentinels[name]?.due}`,
    );
    throw new Error(
      `session ${session.session}: ${due} sentinels were due, ${entered.size} have an outcome ` +
        `(${counts.join(', ') || 'none'})`,
    );
  }
}

function named(session: SessionRecording, stream: StreamRecording): string {
  return `session ${session.session}, stream ${stream.name}`;
}
