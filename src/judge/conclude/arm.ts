/**
 * The result of one arm, from its evidence and findings.
 *
 * Rule: nothing is measured or concluded here; it is put into the form that result.json promises.
 */
import { sumOf } from '../../model/outcome.ts';
import { quantileOf } from '../../model/quantile.ts';
import type { ArmResult, Finding, RestartResult } from '../../model/result.ts';
import { controlsOf } from '../measure/controls.ts';
import type { Evidence, RestartFacts } from '../measure/evidence.ts';
import { fewestReadyIn, isRolledBack } from '../measure/fleet.ts';
import { longestMs } from '../measure/gaps.ts';
import { hygieneOf } from '../measure/hygiene.ts';
import { latencyOf } from '../measure/latency.ts';
import type { SessionRecording } from '../fold/recording.ts';
import { slownessOf } from './latency-limits.ts';
import { surprisesOf } from './surprises.ts';
import { thresholdsOf } from './thresholds.ts';
import { verdictOf } from './verdict.ts';
import { longestOf } from '../measure/waits.ts';
import { isCompleted } from '../measure/windows.ts';

/** An arm as it stands in result.json. `findings` are the arm's. */
export function armResultOf(evidence: Evidence, findings: readonly Finding[]): ArmResult {
  const { planned, ledger, quiet, latencies, limits, spikes, stalls, gaps, sessions } = evidence;
  const verdict = verdictOf(findings);
  const surprises = surprisesOf(planned.expect, {
    verdict,
    findings,
    counts: sumOf([ledger.requests, ...Object.values(ledger.sentinels)]),
  });
  const both = [...latencies.values()];
  return {
    name: planned.name,
    strategy: planned.strategy,
    verdict,
    expect: planned.expect.verdict,
    expected: { findings: planned.expect.findings, outcomes: planned.expect.outcomes },
    asExpected: surprises.length === 0,
    surprises,
    requests: ledger.requests,
    quietRequests: quiet,
    streams: ledger.streams,
    sentinels: ledger.sentinels,
    thresholds: thresholdsOf(evidence),
    latency: {
      quiet: latencyOf(both.map(({ quietUs }) => quietUs)),
      restart: latencyOf(both.map(({ restartUs }) => restartUs)),
    },
    spikes: {
      // The strictest stream's; 0 when no limit is given and none could be learnt.
      limitMs: limits.byStreamMs.size === 0 ? 0 : Math.min(...limits.byStreamMs.values()),
      learnt: limits.learnt,
      count: spikes.length,
      stalls: stalls.length,
      worstMs: spikes.reduce((worst, { latencyMs }) => Math.max(worst, latencyMs), 0),
      totalLostMs: stalls.reduce((sum, { lastedMs }) => sum + lastedMs, 0),
    },
    stalls,
    longestGapMs: longestMs(gaps),
    ...slownessOf(evidence),
    restarts: evidence.restarts.map((restart) => restartResultOf(restart, evidence)),
    confidence: evidence.confidence,
    hygiene: hygieneOf(evidence.hygiene, sessions),
    controls: controlsOf(evidence.positive, evidence.shams),
    harness: evidence.health,
  };
}

function restartResultOf(
  { window, arrivals, sentinels, proof, undone, gaps, spikes, stalls, waits, answersUs }: RestartFacts,
  { sessions, planned }: Evidence,
): RestartResult {
  const { restart, signalledAtMs, settledAtMs } = window;
  const { moments } = restart;
  const sinceSignal = (atMs: number | undefined): number | null => (atMs === undefined ? null : atMs - signalledAtMs);
  const session = sessions.find((candidate) => candidate.session === window.session);
  return {
    index: restart.index,
    signalledAtMs,
    settledAtMs,
    moments,
    proven: proof.proven,
    completed: isCompleted(restart),
    ...(undone === 'failed' ? { notDone: true as const } : {}),
    ...(session !== undefined && isRolledBack(session, window) ? { rolledBack: true as const } : {}),
    ...(session === undefined || planned.fleet === undefined
      ? {}
      : { fewestReady: fewestReadyIn(session, signalledAtMs, settledAtMs) }),
    readyMs: sinceSignal(moments.ready),
    drainMs: sinceSignal(moments.gone),
    exit: exitIn(session, signalledAtMs, settledAtMs),
    requests: sumOf([arrivals, sentinels]),
    gapMs: longestMs(gaps),
    stallMs: stalls.reduce((sum, { lastedMs }) => sum + lastedMs, 0),
    longestWaitMs: longestOf(waits)?.waitMs ?? 0,
    p99Ms: answersUs.length === 0 ? null : quantileOf(answersUs, 0.99) / 1000,
    spikes: spikes.length,
    worstMs: spikes.reduce((worst, { latencyMs }) => Math.max(worst, latencyMs), 0),
    steps: restart.steps
      .toSorted((one, other) => one.index - other.index)
      .map(({ text, atMs, tookMs, problem, note }) => ({
        text,
        atMs,
        tookMs,
        ...(problem === undefined ? {} : { problem }),
        ...(note === undefined ? {} : { note }),
      })),
  };
}

/** How the first instance that ended in a window ended: the old one. */
function exitIn(session: SessionRecording | undefined, fromMs: number, toMs: number): RestartResult['exit'] {
  return (
    session?.instances.find(
      ({ state, atMs, exit }) => state === 'gone' && exit !== undefined && atMs >= fromMs && atMs <= toMs,
    )?.exit ?? null
  );
}
