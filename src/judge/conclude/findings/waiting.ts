/**
 * Findings about clients that waited too long: the longest wait, and percentiles, over their limits.
 *
 * Rule: a wait that a busy machine explains fails nothing, and a percentile of too few answers is refused.
 */
import { durationText } from '../../../model/units.ts';
import type { Evidence } from '../../measure/evidence.ts';
import { percentileChecksOf, slowestCheckOf, type LatencyWindow, type PercentileCheck } from '../latency-limits.ts';
import { msText, quantity } from '../wording.ts';
import { busyFinding } from './busy.ts';
import { leavingHint } from './remedies.ts';
import { onlyRestart, restartsText, type ArmFinding } from './finding.ts';

/** Findings about the longest wait and about percentiles. */
export function waitingFindingsOf(evidence: Evidence): ArmFinding[] {
  return [...slowestFindings(evidence), ...percentileFindings(evidence)];
}

function slowestFindings(evidence: Evidence): ArmFinding[] {
  const { limitMs, given, measuredMs, quietMs, concerned, proven } = slowestCheckOf(evidence);
  if (measuredMs === null || concerned.length === 0) return [];
  if (proven.length === 0) return [busyFinding(`a wait of ${msText(measuredMs)}`, concerned)];
  if (quietMs >= measuredMs) {
    return [
      {
        code: 'noise-without-restart',
        severity: 'inconclusive',
        message:
          `Clients waited up to ${msText(measuredMs)} for an answer in restarts, but up to ${msText(quietMs)} ` +
          'without any restart, too.',
        hint: 'Find out first why the target is slow while nothing restarts, or raise `thresholds.slowest`.',
      },
    ];
  }
  return [
    {
      code: 'wait-too-long',
      severity: 'fail',
      ...onlyRestart(proven),
      message:
        `Clients waited up to ${msText(measuredMs)} for an answer in ${restartsText(proven)}; the limit is ` +
        `${msText(limitMs)}${given ? '' : ' by default'}.`,
      hint:
        leavingHint(evidence) ??
        'Let the old instance accept until the successor accepts: start the successor first, and take connections ' +
          'from the old one only when the new one is ready. Set `thresholds.slowest` if your clients accept this wait.',
    },
  ];
}

const WHERE: Readonly<Record<LatencyWindow, string>> = { quiet: 'quiet time', restart: 'restart windows' };

function percentileFindings(evidence: Evidence): ArmFinding[] {
  const checks = percentileChecksOf(evidence);
  const crossed = checks.filter(({ measuredMs, limitMs }) => measuredMs !== null && measuredMs > limitMs);
  const unfit = evidence.restarts.filter(({ fitness }) => !fitness.fit || !fitness.punctual);
  const excused = crossed.filter(({ window }) => window === 'restart' && unfit.length > 0);
  const findings = [
    ...checks.filter(({ measuredMs }) => measuredMs === null).map(tooFew),
    ...crossed.filter((check) => !excused.includes(check)).map(crossedFinding),
  ];
  return excused.length === 0
    ? findings
    : [...findings, busyFinding(excused.map(({ text }) => text).join(', '), unfit)];
}

function crossedFinding({ text, window, limitMs, measuredMs, quietMs, answers }: PercentileCheck): ArmFinding {
  const beside = window === 'restart' && quietMs !== null ? `, against ${msText(quietMs)} in quiet time` : '';
  return {
    code: 'percentile-crossed',
    severity: 'fail',
    message:
      `The threshold ${text}<${durationText(limitMs)} was crossed in ${WHERE[window]}: ` +
      `${text}=${msText(measuredMs ?? 0)} over ${quantity(answers, 'answer')}${beside}.`,
    hint:
      window === 'quiet' || (quietMs !== null && quietMs > limitMs)
        ? 'The target is this slow without any restart: lower the rates, make it faster, or raise the threshold.'
        : 'Let the successor warm up before it serves, and let the old instance accept until then.',
  };
}

function tooFew({ name, text, window, limitMs, answers, needed }: PercentileCheck): ArmFinding {
  return {
    code: 'too-few-answers',
    severity: 'inconclusive',
    message:
      `The threshold ${text}<${durationText(limitMs)} was not evaluated: ${quantity(answers, 'answer')} came in ` +
      `${WHERE[window]}, and ${text} needs ${needed.toLocaleString('en-US')}.`,
    hint: `Make more restarts, raise the rates, or limit a lower percentile than \`${name}\`.`,
  };
}
