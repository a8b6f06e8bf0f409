/**
 * Findings about fleets and about restarts that were taken back.
 *
 * Rule: a promise that the log breaks is a failure, whether a client noticed it or not.
 */
import { sumOf } from '../../../model/outcome.ts';
import type { Evidence, RestartFacts } from '../../measure/evidence.ts';
import { fewestReadyIn, isRolledBack, leastReadyOf } from '../../measure/fleet.ts';
import { fatesText, quantity } from '../wording.ts';
import { onlyRestart, restartsText, type ArmFinding } from './finding.ts';

/** Findings about an arm's fleet. */
export function fleetFindingsOf(evidence: Evidence): ArmFinding[] {
  return [...tooFewReady(evidence), ...rolledBack(evidence)];
}

function tooFewReady({ planned, restarts, sessions }: Evidence): ArmFinding[] {
  const least = leastReadyOf(planned);
  if (least === undefined) return [];
  const concerned = restarts
    .map(({ window }) => {
      const session = sessions.find(({ session: number }) => number === window.session);
      return {
        window,
        fewest: session === undefined ? Infinity : fewestReadyIn(session, window.signalledAtMs, window.settledAtMs),
      };
    })
    .filter(({ fewest }) => fewest < least);
  if (concerned.length === 0) return [];
  const fewest = Math.min(...concerned.map((one) => one.fewest));
  return [
    {
      code: 'too-few-ready',
      severity: 'fail',
      ...onlyRestart(concerned),
      message:
        `Only ${quantity(fewest, 'instance')} ${fewest === 1 ? 'was' : 'were'} ready at some moment of ` +
        `${restartsText(concerned)}, where ${least} of ${planned.fleet?.replicas} were promised.`,
      hint:
        'An instance lost its readiness, exited on its own, or was killed by its liveness probe while others were ' +
        'being replaced. See the lanes of the instances, and give the probes more patience.',
    },
  ];
}

function rolledBack({ restarts, sessions }: Evidence): ArmFinding[] {
  const isConcerned = ({ window }: RestartFacts): boolean =>
    sessions.some((session) => session.session === window.session && isRolledBack(session, window));
  const concerned = restarts.filter(isConcerned);
  if (concerned.length === 0) return [];
  const counts = sumOf(concerned.flatMap(({ arrivals, sentinels }) => [arrivals, sentinels]));
  const hurt = counts.lost + counts.raced + counts.rejected + counts.failed;
  const cost =
    hurt === 0
      ? `It cost no request: all ${quantity(counts.due, 'request')} of the time were answered.`
      : `It cost ${quantity(hurt, 'request')} of ${counts.due.toLocaleString('en-US')}: ${fatesText([
          [counts.lost, 'lost'],
          [counts.raced, 'raced'],
          [counts.rejected, 'rejected'],
          [counts.failed, 'answered wrongly'],
        ])}.`;
  return [
    {
      code: 'rolled-back',
      severity: 'note',
      ...onlyRestart(concerned),
      message:
        `${restartsText(concerned).replace(/^r/, 'R')} ${concerned.length === 1 ? 'was' : 'were'} rolled back: ` +
        `what served before serves again. ${cost}`,
      hint: 'See which step failed, and why; what was lost until then is the price of finding it out on these clients.',
    },
  ];
}
