/**
 * Findings about what was answered late, or not at all for a while: spikes and gaps over their limits.
 *
 * Rule: a limit that lies in the noise of quiet time is refused; nothing can be concluded from it.
 */
import { isOnlySlow, type Evidence } from '../../measure/evidence.ts';
import { longestMs } from '../../measure/gaps.ts';
import { busyFinding } from './busy.ts';
import { gapCheckOf, spikeCheckOf, type SpikeCheck } from '../thresholds.ts';
import { msText, quantity } from '../wording.ts';
import { onlyRestart, restartsText, type ArmFinding } from './finding.ts';

/** Findings about spikes and gaps; none when the scenario limits neither. */
export function slownessFindingsOf(evidence: Evidence): ArmFinding[] {
  return [...spikeFindings(evidence), ...gapFindings(evidence)];
}

function spikeFindings(evidence: Evidence): ArmFinding[] {
  const check = spikeCheckOf(evidence);
  if (check === undefined) return [];
  const { max, measured, belowNoise } = check;
  if (measured === null) {
    return [
      {
        code: 'spike-limit-below-noise',
        severity: 'inconclusive',
        message: 'No spike limit could be learnt, because no request was answered in quiet time.',
        hint: 'Set thresholds.spikes.over, or make restart.quiet longer.',
      },
    ];
  }
  if (belowNoise) return [noiseFinding(evidence, check)];
  if (measured <= max) return [];
  const concerned = evidence.restarts.filter(({ spikes }) => spikes.length > 0);
  const unfit = concerned.filter(({ fitness }) => !fitness.fit || !fitness.punctual);
  const excused = unfit.reduce((sum, { spikes }) => sum + spikes.length, 0);
  if (measured - excused <= max) return [busyFinding(quantity(excused, 'slow answer'), unfit)];
  const worstMs = concerned
    .flatMap(({ spikes }) => spikes)
    .reduce((worst, { latencyMs }) => Math.max(worst, latencyMs), 0);
  return [
    {
      code: 'spikes',
      severity: 'fail',
      ...onlyRestart(concerned),
      message:
        `${quantity(measured, 'answer')} took longer than ${limitText(evidence)} in ${restartsText(concerned)}, ` +
        `the worst ${msText(worstMs)}${max > 0 ? `; ${max} would have been tolerated` : ''}.`,
      hint:
        'Requests waited while nobody accepted or a new process warmed up. Let the old instance serve until the ' +
        'successor itself says that it is ready (by a pipe, a healthcheck or sd_notify, never after a fixed ' +
        'time), and let it say so only when it is warm. A master does so with its workers when it replaces them ' +
        'one after another (phased, chain or rolling reload).',
    },
  ];
}

function noiseFinding({ planned, limits, spikes }: Evidence, { measured }: SpikeCheck): ArmFinding {
  const quiet = spikes.filter(({ window }) => window === undefined).length;
  const over = planned.thresholds.spikes?.over;
  return {
    code: 'spike-limit-below-noise',
    severity: 'inconclusive',
    message:
      over !== undefined && over < limits.noiseFloorMs
        ? `The spike limit of ${msText(over)} lies below the noise: without any restart one answer in a thousand ` +
          `took ${msText(limits.noiseFloorMs)} or longer.`
        : `There were ${measured} spikes in restarts, but ${quantity(quiet, 'spike')} in quiet time, which is ` +
          'the same rate.',
    hint:
      `Set thresholds.spikes.over clearly above ${msText(limits.noiseFloorMs)}, or run on a machine with less to ` +
      'do.',
  };
}

function gapFindings(evidence: Evidence): ArmFinding[] {
  const check = gapCheckOf(evidence);
  if (check?.measuredMs === undefined || check.measuredMs === null || check.measuredMs <= check.limitMs) return [];
  const { limitMs, measuredMs, quietMs } = check;
  const concerned = evidence.restarts.filter(({ gaps }) => longestMs(gaps) > limitMs);
  const worst = concerned.find(({ gaps }) => longestMs(gaps) === measuredMs);
  // A gap of nothing but timeouts is slowness; one in which a connection was refused or cut is not.
  if (concerned.every(isOnlySlow)) return [busyFinding(`a gap of ${msText(measuredMs)}`, concerned)];
  if (quietMs >= measuredMs) {
    return [
      {
        code: 'noise-without-restart',
        severity: 'inconclusive',
        message:
          `Fresh arrivals got no answer for up to ${msText(measuredMs)} in restarts, but for up to ` +
          `${msText(quietMs)} without any restart, too.`,
        hint: 'Find out first why the target stops answering while nothing restarts; then run again.',
      },
    ];
  }
  return [
    {
      code: 'gap-too-long',
      severity: 'fail',
      ...onlyRestart(concerned),
      message:
        `Fresh arrivals got no answer for ${msText(measuredMs)} in restart ` +
        `${(worst?.window.restart.index ?? 0) + 1}; ${msText(limitMs)} is the ` +
        'limit' +
        `${concerned.length > 1 ? `, which ${concerned.length} of ${evidence.restarts.length} restarts broke` : ''}.`,
      hint:
        'Shorten the time in which nobody accepts: start the successor before the old instance stops, or hand ' +
        'the listening socket over.',
    },
  ];
}

function limitText({ limits }: Evidence): string {
  const values = [...limits.byStreamMs.values()];
  const [least, most] = [Math.min(...values), Math.max(...values)].map(msText);
  const range = least === most ? `${least}` : `${least} to ${most}, by stream`;
  return limits.learnt ? `the limit learnt from quiet time (${range})` : range;
}
