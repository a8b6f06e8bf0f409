/**
 * Findings about the harness: whether it kept its own schedule.
 *
 * Rule: our fault makes a run inconclusive, never the target guilty. The schedule is not kept when more than one
 * arrival in a thousand was not sent, when any was not sent in a restart's window, or when one in a hundred left more
 * than 50 ms late.
 */
import type { Evidence } from '../../measure/evidence.ts';
import { bareText, msText, quantity } from '../wording.ts';
import { onlyRestart, type ArmFinding } from './finding.ts';

const MOST_UNSENT_SHARE = 0.001;
const LATEST_P99_MS = 50;

/** Findings about the harness's own health, and about the pressure that it was to make. */
export function harnessFindingsOf({ health, ledger, restarts, inWindows, sessions }: Evidence): ArmFinding[] {
  const findings: ArmFinding[] = [];
  const { due } = ledger.requests;
  const reasons = [
    ...(health.unsent > due * MOST_UNSENT_SHARE || inWindows.arrivals.unsent > 0
      ? [
          `${quantity(health.unsent, 'request')} of ${due.toLocaleString('en-US')} ` +
            `${health.unsent === 1 ? 'was' : 'were'} not sent, ${inWindows.arrivals.unsent} of them in restarts`,
        ]
      : []),
    ...(health.sendDelayP99Ms > LATEST_P99_MS
      ? [`one request in a hundred left ${msText(health.sendDelayP99Ms)} or more after it was due`]
      : []),
  ];
  if (reasons.length > 0) {
    findings.push({
      code: 'harness-late',
      severity: 'inconclusive',
      ...onlyRestart(restarts.filter(({ arrivals }) => arrivals.unsent > 0)),
      message: `zerodrop could not keep its own schedule: ${reasons.join('; ')}.`,
      hint: 'Lower the rates or the pressure, or run on a machine with more free cores.',
    });
  }
  // Where the doing side has said which sentinels and why, that is told instead.
  const isExplained = sessions.some(({ facts }) => facts.some(({ code }) => code === 'sentinel-not-armed'));
  if (inWindows.sentinels.unsent > 0 && !isExplained) {
    findings.push({
      code: 'sentinel-not-armed',
      severity: 'inconclusive',
      ...onlyRestart(restarts.filter(({ sentinels }) => sentinels.unsent > 0)),
      message:
        `${quantity(inWindows.sentinels.unsent, 'sentinel')} could not be placed, so what they watch for ` +
        'was not tested.',
      hint:
        'Give the sentinel a path that suits it (a slow one for in-flight, a large one for download), or leave ' +
        'it out.',
    });
  }
  const problem = sessions
    .flatMap(({ pressure }) => pressure)
    .find((pressure) => pressure.problem !== undefined)?.problem;
  if (problem !== undefined) {
    findings.push({
      code: 'pressure-failed',
      severity: 'note',
      message: `The pressure on the target was not as planned: ${bareText(problem)}.`,
      hint: 'Arrivals are judged nevertheless. Check traffic.pressure if the target was to be busy.',
    });
  }
  return findings;
}
