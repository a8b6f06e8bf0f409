/**
 * From a judgement to what reports show.
 *
 * Rule: nothing is judged here. Numbers come from the result, series and stories from the recording.
 */
import { stringify } from 'yaml';
import type { JudgedFailure } from '../../judge/measure/failures.ts';
import type { Judgement } from '../../judge/judge.ts';
import type { Counts } from '../../model/outcome.ts';
import type { ArmResult, Finding } from '../../model/result.ts';
import { armView } from './arm-view.ts';
import { comparisonView } from './comparison-view.ts';
import { harnessFacts } from './facts.ts';
import { failureView } from './failure-view.ts';
import { maskedScenario } from '../../model/secrets/mask.ts';
import type { FindingView, View } from './view.ts';
import { countText, durationText, listText, msText, quantity } from './words.ts';

/** All that the reports of a run show. */
export function viewOf({ result, recording, failures }: Judgement): View {
  const { description } = recording.head.scenario;
  const compared = result.baseline ?? result.comparison;
  const inTime = failures.toSorted((one, other) => one.dueAtMs - other.dueAtMs);
  return {
    scenario: result.scenario,
    description: typeof description === 'string' ? description : '',
    judged: 'arms',
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
    environment: `${result.environment.os}, Node ${result.environment.node}, ${quantity(
      result.environment.cpus,
      'CPU',
    )}`,
    arms: result.arms.map((arm) => armView(arm, recording, failuresOf(arm, inTime))),
    comparison: compared === undefined ? null : comparisonView(compared),
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

/** The answer in a sentence or two: which arms dropped what. A single arm that cannot be judged says why. */
function headlineOf(arms: readonly ArmResult[], findings: readonly Finding[]): string {
  const [only] = arms;
  if (only !== undefined && arms.length === 1) {
    const { requests, restarts } = only;
    const dropped = droppedText(requests);
    const doubt =
      only.verdict === 'inconclusive' ? findings.find(({ severity }) => severity === 'inconclusive') : undefined;
    const touched = `in ${quantity(restarts.length, 'restart')}`;
    const seen =
      dropped === ''
        ? `Every one of ${quantity(requests.due, 'request')} was answered ${touched}.`
        : `Of ${quantity(requests.due, 'request')}, ${dropped} ${touched}.`;
    return [seen, ...slownessText(only), ...undoneText(restarts), ...(doubt === undefined ? [] : [doubt.message])].join(
      ' ',
    );
  }
  const clean = arms.filter(({ requests }) => droppedText(requests) === '').map(({ name }) => name);
  const dirty = arms
    .filter(({ requests }) => droppedText(requests) !== '')
    .map(({ name, requests }) => `${name}: ${droppedText(requests)}.`);
  const slow = arms.flatMap((arm) => slownessText(arm).map((text) => `${arm.name}: ${text}`));
  return [...dirty, ...slow, ...(clean.length === 0 ? [] : [`${listText(clean)}: every request was answered.`])].join(
    ' ',
  );
}

/** How long clients waited, where restarts slowed them. */
function slownessText({ slowed, longestWaitMs, stalledMs }: ArmResult): string[] {
  if (!slowed) return [];
  const stalled = stalledMs > 0 ? `; stalls took ${msText(stalledMs)} in all` : '';
  return [`Clients waited up to ${msText(longestWaitMs)}${stalled}.`];
}

/** How many restarts were not done. */
function undoneText(restarts: ArmResult['restarts']): string[] {
  const undone = restarts.filter(({ notDone, rolledBack }) => notDone === true || rolledBack === true).length;
  return undone === 0 ? [] : [`${quantity(undone, 'restart')} ${undone === 1 ? 'was' : 'were'} not done.`];
}

/** What was not answered, such as `925 lost, 6 raced`; empty when all was. */
function droppedText({ lost, raced, rejected, failed }: Counts): string {
  const kinds: [number, string][] = [
    [lost, 'lost'],
    [raced, 'raced'],
    [rejected, 'rejected'],
    [failed, 'answered wrongly'],
  ];
  return kinds.flatMap(([count, kind]) => (count === 0 ? [] : [`${countText(count)} ${kind}`])).join(', ');
}
