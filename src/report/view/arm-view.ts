/**
 * One arm as reports show it.
 *
 * Rule: numbers come from the arm's result; only the series over time are made here, from the recording.
 */
import type { JudgedFailure } from '../../judge/measure/failures.ts';
import type { Recording, SessionRecording } from '../../judge/fold/recording.ts';
import { RESTART_MOMENTS } from '../../model/event.ts';
import type { Counts } from '../../model/outcome.ts';
import type { ArmResult, Latency, RestartResult, ThresholdResult } from '../../model/result.ts';
import { controlFacts, harnessFacts, hygieneFacts } from './facts.ts';
import { instancesOf } from './instances.ts';
import { profileOf } from './profile.ts';
import { bucketWidthMs, seriesOf, spanOf, type Range } from './series.ts';
import type { ArmView, LatencyView, RestartView, ThresholdView } from './view.ts';
import { exitText, msText, quantity, shareText } from './words.ts';

const MOST_BUCKETS = 1500;

/** An arm with its series. `failures` are the arm's. */
export function armView(arm: ArmResult, recording: Recording, failures: readonly JudgedFailure[]): ArmView {
  const sessions = recording.sessions.filter((session) => session.arm === arm.name);
  const restarts = arm.restarts.map((restart, position) =>
    restartView(restart, arm.restarts[position - 1]?.settledAtMs ?? -Infinity, failures),
  );
  const ranges = restarts.map(({ fromMs, toMs }) => ({ fromMs, toMs }));
  const rate = Math.max(
    0,
    ...sessions.map((session) => session.streams.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0)),
  );
  const spans = sessions.filter(({ streams }) => streams.length > 0).map(spanOfSession);
  const width = (spans: readonly Range[]): number =>
    bucketWidthMs(
      spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
      rate,
      MOST_BUCKETS,
    );
  return {
    name: arm.name,
    strategy: arm.strategy,
    verdict: arm.verdict,
    expect: arm.expect,
    asExpected: arm.asExpected,
    expectsMore: arm.expect !== 'pass' || arm.expected.findings.length + arm.expected.outcomes.length > 0,
    surprises: arm.surprises,
    sentences: arm.confidence.sentences,
    counts: arm.requests,
    streams: Object.entries(arm.streams).map(([name, counts]) => ({ name, counts })),
    sentinels: Object.entries(arm.sentinels).flatMap(([name, counts]: [string, Counts | undefined]) =>
      counts === undefined ? [] : [{ name, counts }],
    ),
    thresholds: arm.thresholds.map(thresholdView),
    latency: [latencyView('quiet time', arm.latency.quiet), latencyView('restart windows', arm.latency.restart)],
    spikeLimitMs: arm.spikes.limitMs,
    longestGapMs: arm.longestGapMs,
    longestWaitMs: arm.longestWaitMs,
    stalledMs: arm.stalledMs,
    slowed: arm.slowed,
    restarts,
    dirtyRestarts: arm.confidence.dirty,
    confidence: arm.confidence.restarts === 0 ? 'not known' : shareText(arm.confidence.dirtyUpper95),
    stalls: arm.stalls.map((stall) => ({ ...stall, restart: stall.restart === null ? null : stall.restart + 1 })),
    hygiene: hygieneFacts(arm),
    controls: controlFacts(arm),
    harness: harnessFacts(arm.harness),
    instances: instancesOf(sessions),
    sessions: seriesOf(sessions, spans, width(spans)),
    windows: seriesOf(sessions, ranges, width(ranges)),
    profile: profileOf(sessions, restarts, rate),
  };
}

/** From the first arrival of a session to its last. */
function spanOfSession(session: SessionRecording): Range {
  const spans = session.streams.map((stream) => spanOf(session, stream));
  return { fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)), toMs: Math.max(...spans.map(({ toMs }) => toMs)) };
}

/**
 * A restart is shown from shortly before its first moment until shortly after it was completed, and with all of its
 * failures; never with what belongs to the one before.
 */
function restartView(restart: RestartResult, notBeforeMs: number, failures: readonly JudgedFailure[]): RestartView {
  const moments = RESTART_MOMENTS.flatMap((moment) => {
    const atMs = restart.moments[moment];
    return atMs === undefined ? [] : [{ moment, atMs }];
  }).sort((one, other) => one.atMs - other.atMs);
  const dueMs = failures.filter((failure) => failure.restart === restart.index).map(({ dueAtMs }) => dueAtMs);
  const firstMs = Math.min(restart.signalledAtMs, ...restart.steps.map(({ atMs }) => atMs));
  const lastMs = restart.moments.completed ?? restart.settledAtMs;
  const marginMs = Math.min(1000, Math.max(100, 0.3 * (lastMs - firstMs)));
  const { lost, raced, rejected, failed } = restart.requests;
  return {
    number: restart.index + 1,
    signalledAtMs: restart.signalledAtMs,
    fromMs: dueMs.reduce((least, ms) => Math.min(least, ms), Math.max(notBeforeMs, firstMs - marginMs)),
    toMs: dueMs.reduce(
      (most, ms) => Math.max(most, ms),
      Math.max(firstMs + 1, Math.min(restart.settledAtMs, lastMs + marginMs)),
    ),
    moments,
    dirty: lost + raced + rejected + failed > 0,
    proven: restart.proven,
    completed: restart.completed,
    undone: restart.rolledBack === true ? 'rolled back' : restart.notDone === true ? 'not done' : null,
    counts: restart.requests,
    readyMs: restart.readyMs,
    drainMs: restart.drainMs,
    gapMs: restart.gapMs,
    spikes: restart.spikes,
    worstMs: restart.worstMs,
    exit: exitText(restart.exit),
    steps: restart.steps.map(({ text, tookMs, problem }) => ({ text, took: msText(tookMs), problem: problem ?? null })),
  };
}

function thresholdView({ name, limit, measured, unit, ok }: ThresholdResult): ThresholdView {
  const text = (value: number): string => (unit === 'ms' ? msText(value) : quantity(value, unit.slice(0, -1)));
  return { name, limit: text(limit), measured: measured === null ? null : text(measured), ok };
}

function latencyView(where: string, latency: Latency): LatencyView {
  const text = (ms: number): string => (latency.count === 0 ? 'no answers' : msText(ms));
  return {
    where,
    count: latency.count,
    p50: text(latency.p50Ms),
    p90: text(latency.p90Ms),
    p99: text(latency.p99Ms),
    p999: text(latency.p999Ms),
    max: text(latency.maxMs),
  };
}
