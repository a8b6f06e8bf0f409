/**
 * All findings of one arm.
 *
 * Rule: one finding a cause, the gravest first; each says what happened with values, and what to do about it.
 */
import type { Finding } from '../../../model/result.ts';
import type { Evidence } from '../../measure/evidence.ts';
import type { JudgedFailure } from '../../measure/failures.ts';
import { controlFindingsOf, hygieneFindingsOf } from './controls.ts';
import { causeFindingsOf, factFindingsOf } from './facts.ts';
import type { ArmFinding } from './finding.ts';
import { fleetFindingsOf } from './fleet.ts';
import { harnessFindingsOf } from './harness.ts';
import { lossFindingsOf } from './losses.ts';
import { restartFindingsOf } from './restarts.ts';
import { slownessFindingsOf } from './slowness.ts';
import { unusedFindingsOf } from './unused.ts';
import { waitingFindingsOf } from './waiting.ts';

const GRAVEST_FIRST: readonly Finding['severity'][] = ['fail', 'inconclusive', 'note'];

/**
 * The findings of an arm, the gravest first. `failures` are the arm's, and so are those `others` that come from
 * elsewhere.
 */
export function findingsOf(
  evidence: Evidence,
  failures: readonly JudgedFailure[],
  others: readonly ArmFinding[] = [],
): Finding[] {
  const effects = [
    ...others,
    ...lossFindingsOf(evidence, failures),
    ...slownessFindingsOf(evidence),
    ...waitingFindingsOf(evidence),
    ...restartFindingsOf(evidence),
    ...fleetFindingsOf(evidence),
    ...harnessFindingsOf(evidence),
    ...unusedFindingsOf(evidence),
    ...controlFindingsOf(evidence),
    ...hygieneFindingsOf(evidence),
  ];
  const measured = [...causeFindingsOf(evidence, effects), ...effects];
  const facts = factFindingsOf(evidence, new Set(measured.map(({ code }) => code)));
  return gravestFirst([...measured, ...facts].map((finding) => ({ ...finding, arm: evidence.planned.name })));
}

/** Findings in the order of their severity, otherwise as they came. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => GRAVEST_FIRST.indexOf(one.severity) - GRAVEST_FIRST.indexOf(other.severity));
}
