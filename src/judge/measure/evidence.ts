/**
 * All that was measured about one arm, before anything is concluded from it.
 *
 * Rule: thresholds, findings and results read this and nothing else, so that they cannot disagree about a number.
 */
import { noCounts, sumOf, type Counts } from '../../model/outcome.ts';
import type { Harness, Stall } from '../../model/result.ts';
import { confidenceOf, type Confidence } from '../conclude/confidence.ts';
import { positiveControlOf, shamTalliesOf, type ShamTally } from './controls.ts';
import { explainedMs, fitnessOf, type Fitness } from './fitness.ts';
import { gapsOf, type Gap } from './gaps.ts';
import { healthOf } from './health.ts';
import { hygieneFactsOf, type HygieneFacts } from './hygiene.ts';
import { latenciesOf, windowLatenciesOf, type StreamLatencies } from './latency.ts';
import type { ArmLedger } from './ledger.ts';
import type { PlannedArm } from '../fold/planned.ts';
import { proofOf, type Proof } from './proof.ts';
import type { Recording, SessionRecording } from '../fold/recording.ts';
import { spikeLimitsOf, spikesOf, stallsOf, type Spike, type SpikeLimits } from './stalls.ts';
import { tallyOf, type SessionTally } from './tally.ts';
import { isDone, undoneOf, type Undone } from './undone.ts';
import { waitsOf, type Wait } from './waits.ts';
import { windowsOf, type Window } from './windows.ts';

/** One restart with everything that happened in its window. */
export interface RestartFacts {
  window: Window;
  arrivals: Counts;
  sentinels: Counts;
  proof: Proof;
  /** Null when it was done, or nobody knows. */
  undone: Undone | null;
  /** Whether slowness in this window says anything about the target. */
  fitness: Fitness;
  gaps: Gap[];
  spikes: Spike[];
  /** Those that touched the window first. */
  stalls: Stall[];
  /** The longest of each stream, and what is left of it without what a busy machine may explain. */
  waits: (Wait & { unexplainedMs: number })[];
  /** Ascending latencies of the answers. */
  answersUs: Int32Array;
}

export interface Evidence {
  planned: PlannedArm;
  recording: Recording;
  sessions: SessionRecording[];
  ledger: ArmLedger;
  tallies: SessionTally[];
  quiet: Counts;
  /** In the order of their index. */
  restarts: RestartFacts[];
  /** Sums over all windows. */
  inWindows: { arrivals: Counts; sentinels: Counts };
  latencies: Map<string, StreamLatencies>;
  gaps: Gap[];
  limits: SpikeLimits;
  spikes: Spike[];
  stalls: Stall[];
  positive: ReturnType<typeof positiveControlOf>;
  shams: ShamTally[];
  hygiene: HygieneFacts;
  health: Harness;
  confidence: Confidence;
}

/** What was measured about an arm. Throws when its parts do not add up to its ledger, which is a bug of ours. */
export function evidenceOf(recording: Recording, planned: PlannedArm, ledger: ArmLedger | undefined): Evidence {
  const sessions = recording.sessions.filter(({ arm }) => arm === planned.name);
  const tallies = sessions.map((session) => tallyOf(session, windowsOf(session, planned.restart.quiet)));
  const quiet = sumOf(tallies.map((tally) => tally.quiet));
  const inWindows = {
    arrivals: sumOf(tallies.flatMap((tally) => tally.tallies.map(({ arrivals }) => arrivals))),
    sentinels: sumOf(tallies.flatMap((tally) => tally.tallies.map(({ sentinels }) => sentinels))),
  };
  const full = ledger ?? { requests: noCounts(), streams: {}, sentinels: {}, complete: true };
  checkSums(planned.name, full, quiet, inWindows);

  const latencies = latenciesOf(tallies);
  const gaps = tallies.flatMap(({ session, windows }) => gapsOf(session, windows));
  const limits = spikeLimitsOf(latencies, planned.thresholds.spikes?.over);
  const spikesBySession = tallies.map((tally) => spikesOf(tally, limits));
  const spikes = spikesBySession.flat();
  const stalls = tallies.flatMap(({ windows }, position) => stallsOf(spikesBySession[position] ?? [], windows));
  const restarts = tallies.flatMap((tally) => {
    const answersUs = windowLatenciesOf(tally);
    const waits = waitsOf(tally);
    return tally.tallies.map(({ window, arrivals, sentinels }, position): RestartFacts => {
      const proof = proofOf(tally.session, window.restart);
      const own = gaps.filter((gap) => gap.window === window);
      const fitness = fitnessOf(tally.session, {
        fromMs: window.signalledAtMs,
        toMs: window.settledAtMs,
        arrivals,
        gaps: own,
        timeoutMs: planned.traffic.client.timeout,
      });
      return {
        window,
        arrivals,
        sentinels,
        proof,
        undone: undoneOf(tally.session, window, proof),
        fitness,
        gaps: own,
        spikes: spikes.filter((spike) => spike.window === window),
        stalls: stalls.filter(({ restart }) => restart === window.restart.index),
        waits: (waits[position] ?? []).map((wait) => ({
          ...wait,
          unexplainedMs: Math.max(0, wait.waitMs - explainedMs(tally.session, fitness, wait.dueMs, wait.endMs)),
        })),
        answersUs: answersUs[position] as Int32Array,
      };
    });
  });
  return {
    planned,
    recording,
    sessions,
    ledger: full,
    tallies,
    quiet,
    restarts,
    inWindows,
    latencies,
    gaps,
    limits,
    spikes,
    stalls,
    positive: positiveControlOf(recording, planned.name),
    shams: tallies.flatMap(shamTalliesOf),
    hygiene: hygieneFactsOf(sessions),
    health: healthOf(sessions, full.requests.unsent),
    confidence: confidenceOf(
      restarts.map((restart) => ({
        done: isDone(restart) && !isOnlySlow(restart),
        undone: restart.undone,
        dirty: isDirty(restart),
        onlySlow: isOnlySlow(restart),
      })),
      sumOf([inWindows.arrivals, inWindows.sentinels]),
      sessions.find(({ streams }) => streams.length > 0)?.streams ?? [],
    ),
  };
}

type Losses = Pick<RestartFacts, 'arrivals' | 'sentinels' | 'fitness'>;

/**
 * Whether a restart dropped anything: whatever was not answered, the harness's own faults excepted, and timeouts where
 * machine or harness were not fit.
 */
export function isDirty(restart: Losses): boolean {
  return droppedIn(restart) - excusedIn(restart) > 0;
}

/** Whether all that a restart dropped may be the slowness of a busy machine: it says nothing, either way. */
export function isOnlySlow(restart: Losses): boolean {
  return excusedIn(restart) > 0 && !isDirty(restart);
}

function droppedIn({ arrivals, sentinels }: Losses): number {
  return [arrivals, sentinels].reduce(
    (sum, counts) => sum + counts.lost + counts.raced + counts.rejected + counts.failed,
    0,
  );
}

function excusedIn({ arrivals, sentinels, fitness }: Losses): number {
  return fitness.explainsTimeouts ? arrivals.timeout + sentinels.timeout : 0;
}

function checkSums(arm: string, ledger: ArmLedger, quiet: Counts, inWindows: Evidence['inWindows']): void {
  const arrivals = sumOf([quiet, inWindows.arrivals]);
  const sentinels = sumOf(Object.values(ledger.sentinels));
  for (const key of Object.keys(arrivals) as (keyof Counts)[]) {
    if (arrivals[key] !== ledger.requests[key]) {
      throw new Error(`arm ${arm}: ${key} is ${ledger.requests[key]} in the ledger, but ${arrivals[key]} by windows`);
    }
    if (inWindows.sentinels[key] !== sentinels[key]) {
      throw new Error(
        `arm ${arm}: ${key} of sentinels is ${sentinels[key]} in the ledger, but ${inWindows.sentinels[key]} ` +
          'by restart',
      );
    }
  }
}
