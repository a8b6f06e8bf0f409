/**
 * Findings about requests that were not answered, in restarts and in quiet time.
 *
 * Rule: one finding a class and arm. Losses of restarts that quiet time had too, at the same rate, are noise and prove
 * nothing.
 */
import { OUTCOMES, isLost, type Counts, type Outcome } from '../../../model/outcome.ts';
import type { Finding } from '../../../model/result.ts';
import type { Evidence, RestartFacts } from '../../measure/evidence.ts';
import type { JudgedFailure } from '../../measure/failures.ts';
import { impatienceIn } from '../../measure/patience.ts';
import { PHASE_MEANINGS } from '../../measure/phases.ts';
import { lossChecksOf, type LossCheck, type LossClass } from '../thresholds.ts';
import { fatesText, listText, msText, quantity } from '../wording.ts';
import { busyFinding } from './busy.ts';
import { nextText } from './next-request.ts';
import { DISTRUSTED } from './hints.ts';
import { isDistrusted, remedyFor } from './remedies.ts';
import { onlyRestart, type ArmFinding } from './finding.ts';

const CODES: Readonly<Record<LossClass, Finding['code']>> = {
  lost: 'requests-lost',
  raced: 'requests-raced',
  rejected: 'requests-rejected',
  failed: 'requests-failed',
};
const SAID: Readonly<Record<LossClass, string>> = {
  lost: 'lost',
  raced: 'raced',
  rejected: 'rejected',
  failed: 'answered wrongly',
};

/** Findings about losses. `failures` are the arm's. */
export function lossFindingsOf(evidence: Evidence, failures: readonly JudgedFailure[]): ArmFinding[] {
  const checks = lossChecksOf(evidence);
  const over = checks.filter(({ measured, limit }) => measured > limit);
  const noise = over.filter((check) => check.noise);
  // But for those of our own lateness, and of a busy machine, the limit is kept.
  const excused = over.filter(
    (check) =>
      !check.noise &&
      check.measured - oursIn(check.kind, failures).length - slowIn(check.kind, evidence.restarts) <= check.limit,
  );
  // What the scenario tolerates is tolerated in quiet time, too.
  const quiet = checks.filter(
    (check) => check.quiet > 0 && check.quiet + check.measured > check.limit && !noise.includes(check),
  );
  return [
    ...over
      .filter((check) => !check.noise && !excused.includes(check))
      .map((check) => restartLoss(evidence, check, failures)),
    ...excused.flatMap(({ kind }) => excuseFindings(kind, evidence.restarts, failures)),
    ...(noise.length > 0 ? [noiseFinding(noise, failures)] : []),
    ...(quiet.length > 0 ? [quietFinding(evidence, quiet, failures)] : []),
  ];
}

function restartLoss(
  evidence: Evidence,
  { kind, limit, measured, sentinels }: LossCheck,
  failures: readonly JudgedFailure[],
): ArmFinding {
  const { restarts } = evidence;
  const concerned = restarts.filter((restart) => inClass(restart, kind) > 0);
  const worst = concerned.reduce((most, restart) => (inClass(restart, kind) > inClass(most, kind) ? restart : most));
  const where =
    `${quantity(measured, 'request')} ${measured === 1 ? 'was' : 'were'} ${SAID[kind]} in ${concerned.length} of ` +
    quantity(restarts.length, 'restart');
  const outcomes = outcomesOf(kind, [evidence.inWindows.arrivals, evidence.inWindows.sentinels]);
  const commonest = outcomes[0]?.[0] ?? 'failed';
  const kinds = kind === 'lost' ? `: ${kindsText(outcomes)}` : '';
  const ours = oursIn(kind, failures).length;
  const more = [
    limit > 0 ? `${limit} would have been tolerated` : '',
    sentinels > 0 ? `${sentinels} of them ${sentinels === 1 ? 'was a sentinel' : 'were sentinels'}` : '',
    nextText(kind, failures),
    ours > 0 ? `before ${ours.toLocaleString('en-US')} of them zerodrop itself stalled` : '',
    commonestPhase(kind, failures),
    kind === 'lost' ? hasteText(evidence, commonest, concerned) : '',
    concerned.length > 1
      ? `the worst was restart ${worst.window.restart.index + 1} with ${inClass(worst, kind).toLocaleString('en-US')}`
      : '',
  ].filter((part) => part !== '');
  return {
    code: CODES[kind],
    severity: 'fail',
    ...onlyRestart(concerned),
    message:
      `${where}${kinds}${more.length > 0 ? `; ${more.join('; ')}` : ''}.` +
      (kind === 'lost' ? '' : exampleText([kind], failures, true)),
    hint: remedyFor(
      evidence,
      failures.filter(({ outcome, restart }) => restart !== null && belongs(outcome, kind)),
    ),
  };
}

/** Those in restarts that may have come of our own lateness. */
function oursIn(kind: LossClass, failures: readonly JudgedFailure[]): JudgedFailure[] {
  return failures.filter(
    ({ outcome, restart, heldUpMs }) => restart !== null && heldUpMs > 0 && belongs(outcome, kind),
  );
}

/** How many may have come of a busy machine: timeouts in restarts for which it was not fit. */
function slowIn(kind: LossClass, restarts: readonly RestartFacts[]): number {
  return kind !== 'lost' ? 0 : unfitIn(restarts).reduce((sum, restart) => sum + timeoutsIn(restart), 0);
}

const unfitIn = (restarts: readonly RestartFacts[]): RestartFacts[] =>
  restarts.filter((restart) => restart.fitness.explainsTimeouts && timeoutsIn(restart) > 0);

const timeoutsIn = ({ arrivals, sentinels }: RestartFacts): number => arrivals.timeout + sentinels.timeout;

function excuseFindings(
  kind: LossClass,
  restarts: readonly RestartFacts[],
  failures: readonly JudgedFailure[],
): ArmFinding[] {
  const [ours, slow] = [oursIn(kind, failures), slowIn(kind, restarts)];
  return [
    ...(slow > 0 ? [busyFinding(quantity(slow, 'timeout'), unfitIn(restarts))] : []),
    ...(ours.length > 0 ? [lateFinding(kind, ours)] : []),
  ];
}

function lateFinding(kind: LossClass, ours: readonly JudgedFailure[]): ArmFinding {
  const many = ours.length > 1;
  const longestMs = Math.max(...ours.map(({ heldUpMs }) => heldUpMs));
  const restarts = new Set(ours.map(({ restart }) => restart as number));
  const [restart = 0] = restarts;
  return {
    code: 'harness-late',
    severity: 'inconclusive',
    ...(restarts.size === 1 ? { restart } : {}),
    message:
      `${quantity(ours.length, 'request')} ${many ? 'were' : 'was'} ${SAID[kind]} in restarts, but zerodrop ` +
      `itself stalled for ${many ? 'up to ' : ''}${msText(longestMs)} before sending ` +
      `${many ? 'them' : 'it'}: a punctual client might have lost nothing.`,
    hint: 'Run again with lower rates, or on a machine with more free cores.',
  };
}

/** Cut in flight: by a shutdown that did not wait as long as an answer takes. */
function hasteText(evidence: Evidence, commonest: Outcome, concerned: readonly RestartFacts[]): string {
  if (commonest !== 'closed' && commonest !== 'reset' && commonest !== 'truncated') return '';
  const found = impatienceIn(evidence, concerned);
  if (found === undefined) return '';
  return (
    `the old instance was gone ${msText(found.givenMs)} after it stopped accepting, at the most, and answers ` +
    `take up to ${msText(found.neededMs)}`
  );
}

/** What was wrong with most of them, in the client's words; nothing where it had none. */
function exampleText(kinds: readonly LossClass[], failures: readonly JudgedFailure[], inRestarts: boolean): string {
  const notes = new Map<string, number>();
  for (const { outcome, restart, story } of failures) {
    if (
      (restart !== null) !== inRestarts ||
      story.note === undefined ||
      !kinds.some((kind) => belongs(outcome, kind))
    ) {
      continue;
    }
    notes.set(story.note, (notes.get(story.note) ?? 0) + 1);
  }
  const [commonest] = [...notes].sort(([, one], [, other]) => other - one);
  return commonest === undefined ? '' : ` For example: ${commonest[0]}.`;
}

function kindsText(outcomes: readonly [Outcome, number][]): string {
  const [first] = outcomes;
  if (outcomes.length === 1 && first !== undefined) return first[1] === 1 ? first[0] : `all ${first[0]}`;
  return listText(outcomes.map(([outcome, count]) => `${count.toLocaleString('en-US')} ${outcome}`));
}

/** Outcomes of a class that occurred, the commonest first. */
function outcomesOf(kind: LossClass, all: readonly Counts[]): [Outcome, number][] {
  return OUTCOMES.filter((outcome) => belongs(outcome, kind))
    .map((outcome): [Outcome, number] => [outcome, all.reduce((sum, counts) => sum + counts[outcome], 0)])
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one);
}

function commonestPhase(kind: LossClass, failures: readonly JudgedFailure[]): string {
  const counts = new Map<JudgedFailure['phase'], number>();
  for (const { outcome, restart, phase } of failures) {
    if (restart !== null && belongs(outcome, kind)) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([, one], [, other]) => other - one);
  if (commonest === undefined) return '';
  return `${counts.size === 1 ? 'all' : commonest[1].toLocaleString('en-US')} of them ${PHASE_MEANINGS[commonest[0]]}`;
}

function noiseFinding(noise: readonly LossCheck[], failures: readonly JudgedFailure[]): ArmFinding {
  const said = noise.map(
    ({ kind, measured, quiet, expected }) =>
      `${quantity(measured, 'request')} ${SAID[kind]} in restarts, where the quiet-time rate (${quiet}) predicts ` +
      expected.toFixed(1),
  );
  return {
    code: 'noise-without-restart',
    severity: 'inconclusive',
    message: `The target loses as many requests without a restart: ${listText(said)}.${exampleText(
      noise.map(({ kind }) => kind),
      failures,
      true,
    )}`,
    hint:
      'Find out first why requests fail while nothing restarts (some servers close kept-alive connections ' +
      'unannounced all day long); then run again.',
  };
}

function quietFinding(
  { quiet, shams }: Evidence,
  checks: readonly LossCheck[],
  failures: readonly JudgedFailure[],
): ArmFinding {
  const fates = fatesText(checks.map(({ kind, quiet: count }) => [count, SAID[kind]]));
  const due = quiet.due + shams.reduce((sum, { sentinels }) => sum + sentinels.due, 0);
  return {
    code: 'lost-in-quiet-time',
    severity: 'inconclusive',
    message: `Of ${quantity(due, 'request')} that no restart touched, ${fates}.${exampleText(
      checks.map(({ kind }) => kind),
      failures,
      false,
    )}`,
    hint: failures.some((failure) => failure.restart === null && isDistrusted(failure))
      ? DISTRUSTED
      : 'Find out why requests fail while nothing restarts: an overloaded target, keep-alive limits, or a drain ' +
        'that lasts longer than restart.quiet (then make that longer).',
  };
}

function inClass({ arrivals, sentinels }: RestartFacts, kind: LossClass): number {
  return arrivals[kind] + sentinels[kind];
}

function belongs(outcome: Outcome, kind: LossClass): boolean {
  return kind === 'lost' ? isLost(outcome) : outcome === kind;
}
