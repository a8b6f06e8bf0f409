/**
 * Findings about the restarts themselves: too few, broken off, not proven, or not looked at by any traffic.
 *
 * Rule: what was not tested is never a pass, unless the scenario says that a restart that is not done is what it is to
 * show.
 */
import type { EventOf } from '../../../model/event.ts';
import type { Evidence, RestartFacts } from '../../measure/evidence.ts';
import { toleratedIn, undoneIn } from '../../measure/undone.ts';
import { isCompleted, type Window } from '../../measure/windows.ts';
import { bareText, listText, msText, openingText, quantity } from '../wording.ts';
import { onlyRestart, restartsText, type ArmFinding } from './finding.ts';

type Fact = EventOf<'fact'>;

const TOLERATED = '; what served before is still there, which the scenario tolerates';

/** Findings about an arm's restarts. */
export function restartFindingsOf(evidence: Evidence): ArmFinding[] {
  const cut = interrupted(evidence);
  return [
    ...failedSteps(evidence),
    ...cut,
    ...(cut.length > 0 ? [] : tooFew(evidence)),
    ...unproven(evidence),
    ...withoutTraffic(evidence),
  ];
}

/** Restarts that came to their end: to the one that was planned, or to one that is tolerated. */
function completedOf(evidence: Evidence): number {
  const tolerated = toleratedIn(evidence);
  return evidence.restarts.filter((restart) => isCompleted(restart.window.restart) || tolerated.has(restart)).length;
}

function interrupted(evidence: Evidence): ArmFinding[] {
  const { ledger, planned, sessions, recording } = evidence;
  if (recording.interruptedAtMs === null && recording.endAtMs !== null) return [];
  const completed = completedOf(evidence);
  // An arm that had come to its end before is whole.
  if (sessions.length > 0 && ledger.complete && completed >= planned.restarts) return [];
  const what =
    recording.interruptedAtMs === null
      ? 'The log breaks off'
      : `The run was interrupted after ${msText(recording.interruptedAtMs)}`;
  return [
    {
      code: 'interrupted',
      severity: 'inconclusive',
      message:
        `${what}, with ${completed} of ${quantity(planned.restarts, 'restart')} completed; what was seen so far ` +
        'is judged.',
      hint: 'Run it again and let it end.',
    },
  ];
}

function tooFew(evidence: Evidence): ArmFinding[] {
  const { planned, sessions } = evidence;
  const completed = completedOf(evidence);
  if (completed >= planned.restarts) return [];
  const bailed = sessions.some(({ bailedAfter }) => bailedAfter !== null);
  const done =
    completed === 0
      ? 'No restart was completed'
      : `Only ${quantity(completed, 'restart')} ${completed === 1 ? 'was' : 'were'} completed`;
  return [
    {
      code: 'too-few-restarts',
      severity: 'inconclusive',
      message:
        `${done}, of ${planned.restarts} ` +
        `planned${bailed ? ': --bail ended it at the first one that dropped requests' : ''}.`,
      hint: bailed
        ? 'See the dropped requests; without --bail the run continues and counts how often it happens.'
        : 'See the other findings for what ended the run early, then run it again.',
    },
  ];
}

/**
 * A step that was cut short by the end of the run has a problem, too, but no fact: that is no failure of the target.
 */
function failedSteps(evidence: Evidence): ArmFinding[] {
  const tolerated = [...toleratedIn(evidence)];
  const facts = evidence.sessions.flatMap((session) => session.facts).filter(({ code }) => code === 'step-failed');
  const isTolerated = (fact: Fact): boolean => tolerated.some(({ window }) => isOf(fact, window));
  return [
    ...stepFinding(
      evidence,
      facts.filter((fact) => !isTolerated(fact)),
      'fail',
    ),
    ...stepFinding(evidence, facts.filter(isTolerated), 'note'),
  ];
}

const isOf = (fact: Fact, { session, restart }: Window): boolean =>
  fact.session === session && fact.restart === restart.restart;

function stepFinding({ planned, restarts }: Evidence, facts: readonly Fact[], severity: 'fail' | 'note'): ArmFinding[] {
  const [first] = facts;
  if (first === undefined) return [];
  const concerned = restarts.filter(({ window }) => facts.some((fact) => isOf(fact, window)));
  const step = concerned[0]?.window.restart.steps.find(({ problem }) => problem !== undefined);
  const what =
    step === undefined
      ? openingText(first.message)
      : `Step "${step.text}" failed after ${msText(step.tookMs)}: ${bareText(first.message)}`;
  const limit = planned.thresholds.not_done;
  const over =
    limit > 0 && undoneIn(restarts).length > limit
      ? `; ${quantity(limit, 'restart')} not done would have been tolerated`
      : '';
  return [
    {
      code: 'step-failed',
      severity,
      ...onlyRestart(concerned),
      message:
        `${what}${concerned.length > 0 ? ` (${restartsText(concerned)})` : ''}` +
        `${severity === 'note' ? TOLERATED : over}.`,
      hint:
        first.hint ?? 'See the last lines of output of the target, and raise restart.timeout if it only needs longer.',
    },
  ];
}

function unproven(evidence: Evidence): ArmFinding[] {
  const tolerated = toleratedIn(evidence);
  // A restart that did not come to its end has been reported already.
  const concerned = evidence.restarts.filter(({ proof, window }) => !proof.proven && isCompleted(window.restart));
  return [
    ...proofFinding(
      evidence,
      concerned.filter((one) => !tolerated.has(one)),
      'inconclusive',
    ),
    ...proofFinding(
      evidence,
      concerned.filter((one) => tolerated.has(one)),
      'note',
    ),
  ];
}

function proofFinding(
  { restarts }: Evidence,
  concerned: readonly RestartFacts[],
  severity: 'inconclusive' | 'note',
): ArmFinding[] {
  const reasons = new Map(concerned.flatMap(({ proof }) => (proof.proven ? [] : [[proof.hint, proof] as const])));
  const [first] = reasons.values();
  if (first === undefined) return [];
  return [
    {
      code: 'restart-not-proven',
      severity,
      ...onlyRestart(concerned),
      message:
        `It is not proven that ${restartsText(concerned)} of ${restarts.length} happened: ` +
        `${listText([...reasons.values()].map(({ reason }) => reason))}${severity === 'note' ? TOLERATED : ''}.`,
      hint: first.hint,
    },
  ];
}

function withoutTraffic({ restarts }: Evidence): ArmFinding[] {
  const concerned = restarts.filter(({ arrivals }) => arrivals.due === 0);
  if (concerned.length === 0) return [];
  return [
    {
      code: 'no-traffic-in-window',
      severity: 'inconclusive',
      ...onlyRestart(concerned),
      message: `No request was due during ${restartsText(concerned)}, so nothing could be lost there.`,
      hint: 'Raise the rate of traffic.arrivals, or make restart.quiet longer than the time between two arrivals.',
    },
  ];
}
