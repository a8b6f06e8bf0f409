/**
 * What a comparison with an earlier run, or another arm, means for the gate.
 *
 * Rule: only what is worse beyond noise fails; where nothing could be shown at all, the gate says so instead of
 * passing.
 */
import type { Comparison } from '../../../model/comparison.ts';
import type { ArmFinding } from './finding.ts';

/** The findings of one side against its reference; none when there is no pair of it. */
export function baselineFindingsOf(comparison: Comparison | undefined, arm: string): ArmFinding[] {
  const pairs = (comparison?.pairs ?? []).filter(({ other }) => other === arm);
  const doubted =
    comparison?.sides.some(
      ({ name, doubt }) =>
        doubt !== undefined && pairs.some(({ reference, other }) => name === reference || name === other),
    ) === true;
  return [
    ...pairs
      .filter(({ outcome }) => outcome === 'worse')
      .map(({ sentence }): ArmFinding => ({
        code: 'worse-than-baseline',
        severity: 'fail',
        message: sentence,
        hint:
          'See in the comparison which restarts differ, and what is changed. If it is meant to be so, make this ' +
          'the new baseline.',
      })),
    ...pairs
      .filter(({ outcome }) => outcome === 'unclear')
      .map(({ sentence }): ArmFinding => ({
        code: 'baseline-unclear',
        severity: 'inconclusive',
        message: sentence,
        hint: doubted
          ? 'Lower the rates, or run on a machine with more free cores, and compare again.'
          : 'Raise restart.count of both.',
      })),
  ];
}
