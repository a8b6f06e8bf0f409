/**
 * The verdict: what the findings come to.
 *
 * Rule: fail beats inconclusive beats pass. It follows from the findings alone, so each verdict can be explained by
 * pointing at them.
 */
import type { Finding } from '../../model/result.ts';
import { VERDICTS, type Verdict } from '../../model/expect.ts';

/** The verdict that findings lead to; a pass when none of them fails or is inconclusive. */
export function verdictOf(findings: readonly Pick<Finding, 'severity'>[]): Verdict {
  return worstOf(findings.map(({ severity }) => (severity === 'note' ? 'pass' : severity)));
}

/** The worst of several verdicts; a pass when there are none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS.findLast((verdict) => verdicts.includes(verdict)) ?? 'pass';
}
