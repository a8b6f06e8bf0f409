/**
 * From a judgement to what reports show.
 *
 * Rule: nothing is judged here. Numbers come from the result, series and stories from the recording.
 */
import { stringify } from 'yaml';
import type { JudgedFailure } from '../judge/failures.ts';
import type { Judgement } from '../judge/judge.ts';
import type { ArmResult, Finding } from '../model/result.ts';
import { armView } from './arm-view.ts';
import { harnessFacts } from './facts.ts';
import { failureView } from './failure-view.ts';
import { maskedScenario } from './mask.ts';
import type { FindingView, View } from './view.ts';
import { countText, durationText, quantity } from './words.ts';

/** All that the reports of a run show. */
export function viewOf({ result, recording, failures }: Judgement): View {
  const { description } = recording.head.scenario;
  const inTime = failures.toSorted((one, other) => one.dueAtMs - other.dueAtMs);
  return {
    scenario: result.scenario,
    description: typeof description === 'string' ? description : '',
    verdict: result.verdict,
    asExpected: result.asExpected,
    interrupted: result.interrupted,
    headline: headlineOf(result.arms, result.findings),
    startedAt: result.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'),
    durationMs: result.durationMs,
    duration: durationText(result.durationMs),
    command: result.command,
    seed: result.seed,
    zerodrop: result.zerodrop,
    environment: `${result.environment.os}, Node ${result.environment.node}, ${quantity(result.environment.cpus, 'CPU')}`,
    arms: result.arms.map((arm) => armView(arm, recording, failuresOf(arm, inTime))),
    findings: result.findings.map(findingView),
    failures: inTime.map((failure, index) => failureView(failure, index + 1, result, recording)),
    harness: harnessFacts(result.harness),
    scenarioText: stringify(maskedScenario(recording.head.scenario)),
  };
}

function failuresOf(arm: ArmResult, failures: readonly JudgedFailure[]): JudgedFailure[] {
  return failures.filter((failure) => failure.arm === arm.name);
}

function findingView({ restart, ...finding }: Finding): FindingView {
  return { ...finding, restart: restart === undefined ? null : restart + 1 };
}

/** The answer in one sentence: which arms dropped what. An arm that cannot be judged says why, once. */
function headlineOf(arms: readonly ArmResult[], findings: readonly Finding[]): string {
  const said = arms.map((arm) => {
    const name = arms.length > 1 ? `${arm.name}: ` : '';
    const { lost, raced, rejected, failed, due } = arm.requests;
    const dropped = [
      [lost, 'lost'],
      [raced, 'raced'],
      [rejected, 'rejected'],
      [failed, 'answered wrongly'],
    ].flatMap(([count, kind]) => (count === 0 ? [] : [`${countText(count as number)} ${kind as string}`]));
    const counts = dropped.length === 0 ? `every one of ${quantity(due, 'request')} was answered` : `of ${quantity(due, 'request')}, ${dropped.join(', ')}`;
    const reason = arm.verdict === 'inconclusive' ? findings.find((finding) => finding.arm === arm.name && finding.severity === 'inconclusive') : undefined;
    const sentence = `${name}${name === '' ? counts.charAt(0).toUpperCase() + counts.slice(1) : counts} in ${quantity(arm.restarts.length, 'restart')}.`;
    return reason === undefined ? sentence : `${sentence} ${reason.message}`;
  });
  return said.join(' ');
}
