/**
 * Findings about the controls and about what the restarts left behind.
 *
 * Rule: an instrument that missed a fault that it was shown proves nothing. A growth is told only when it is clear:
 * over enough restarts, in nearly all pairs of samples, and of a size that matters.
 */
import { labelsText } from '../../../model/instance-id.ts';
import type { Evidence } from '../../measure/evidence.ts';
import type { Trend } from '../../measure/trend.ts';
import { bareText, listText, openingText, quantity } from '../wording.ts';
import { onlyRestart, restartsText, type ArmFinding } from './finding.ts';

/** By chance, 6 values rise in 9 of 10 pairs in less than 1 % of all cases (Kendall 1938). */
const FEWEST_SAMPLES = 6;
const RISING_SHARE = 0.9;
const LEAST_FD_GROWTH = 1;
const LEAST_RSS_GROWTH_BYTES = 512 * 1024;
const LEAST_RSS_GROWTH_SHARE = 0.01;

/** The finding that the positive control was not met; none when it was, or was not measured. */
export function controlFindingsOf({ positive }: Evidence): ArmFinding[] {
  if (positive === null) return [];
  const different = Object.entries(positive.byOutcome).filter(([, { expected, counted }]) => expected !== counted);
  const faults = Object.entries(positive.byOutcome).filter(
    ([outcome, { expected }]) => outcome !== 'answered' && expected > 0,
  );
  const what =
    positive.problem !== undefined
      ? bareText(positive.problem)
      : different.length > 0
        ? listText(
            different.map(
              ([outcome, { expected, counted }]) =>
                `${counted.toLocaleString('en-US')} of ${expected.toLocaleString('en-US')} ${outcome}`,
            ),
          )
        : faults.length === 0
          ? 'no fault was committed'
          : undefined;
  if (what === undefined) return [];
  return [
    {
      code: 'control-missed',
      severity: 'inconclusive',
      message:
        `Before the run, zerodrop did not count the known faults of its own leaky server as they were: ${what}. ` +
        'So it cannot be trusted to have counted those of the target.',
      hint:
        'Run it again on a machine with less to do; if it happens again, report it as a bug of zerodrop, with ' +
        'events.ndjson.gz.',
    },
  ];
}

/** Findings about processes, descriptors and memory. */
export function hygieneFindingsOf({ hygiene, restarts, sessions }: Evidence): ArmFinding[] {
  const { trends, samples, leftovers, zombies, stillDraining } = hygiene;
  const findings: ArmFinding[] = [];
  if (leftovers.length > 0) {
    // Whoever ended them knew what they were, and why they stayed.
    const fact = sessions.flatMap(({ facts }) => facts).find(({ code }) => code === 'leftover-process');
    const who =
      `${quantity(leftovers.length, 'process')} of the target ${leftovers.length === 1 ? 'was' : 'were'} ` +
      'left over';
    findings.push({
      code: 'leftover-process',
      severity: 'note',
      message:
        fact === undefined
          ? `${who} without a part in serving (${labelsText(leftovers)}); zerodrop ends them with the target.`
          : `${who} (${labelsText(leftovers)}). ${openingText(fact.message)}.`,
      hint: fact?.hint ?? 'Let the main process end its children, and wait for them, before it exits.',
    });
  }
  if (zombies.length > 0) {
    findings.push({
      code: 'zombies',
      severity: 'note',
      message:
        `${quantity(zombies.length, 'child process')} of the target ended and ` +
        `${zombies.length === 1 ? 'was' : 'were'} never waited for (${labelsText(zombies)}).`,
      hint:
        'Let the parent wait for every process that it starts (waitpid on SIGCHLD, Cmd.Wait in Go): each one ' +
        'that is not waited for keeps its process number until its parent ends.',
    });
  }
  const draining = restarts.filter(({ window }) =>
    stillDraining.some(({ session, restart }) => session === window.session && restart === window.restart.restart),
  );
  if (draining.length > 0) {
    findings.push({
      code: 'still-draining',
      severity: 'note',
      ...onlyRestart(draining),
      message: `The old instance of the restart before was still there when ${restartsText(draining)} began.`,
      hint:
        'Make restart.quiet longer than the drain if restarts shall not overlap, or let the old instance end ' +
        'sooner.',
    });
  }
  const medianRss =
    samples.map(({ rssBytes }) => rssBytes).sort((one, other) => one - other)[Math.floor(samples.length / 2)] ?? 0;
  if (isClear(trends.fds, samples.length, LEAST_FD_GROWTH)) {
    findings.push({
      code: 'descriptors-grow',
      severity: 'note',
      message: `With every restart the target holds ${Number(trends.fds.slope.toPrecision(2))} more open descriptors.`,
      hint:
        'Close what the old generation left open (inherited sockets, pipes, log files): a leak of a few ' +
        'descriptors a restart ends at the limit of open files.',
    });
  }
  if (isClear(trends.rssBytes, samples.length, Math.max(LEAST_RSS_GROWTH_BYTES, medianRss * LEAST_RSS_GROWTH_SHARE))) {
    findings.push({
      code: 'memory-grows',
      severity: 'note',
      message: `With every restart the target uses ${(trends.rssBytes.slope / 1024 ** 2).toFixed(1)} MiB more memory.`,
      hint: 'See which process grows: a master that outlives its workers, or instances that are not gone.',
    });
  }
  return findings;
}

function isClear(trend: Trend | null, samples: number, least: number): trend is Trend {
  return trend !== null && samples >= FEWEST_SAMPLES && trend.slope >= least && trend.risingShare >= RISING_SHARE;
}
