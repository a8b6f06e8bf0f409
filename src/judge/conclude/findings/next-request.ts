/**
 * What a finding says of the requests that followed on the connections of sentinels in flight.
 *
 * Rule: a request in flight that was answered is not blamed for what the next one met.
 */
import { isLost } from '../../../model/outcome.ts';
import type { JudgedFailure } from '../../measure/failures.ts';
import type { LossClass } from '../thresholds.ts';

/** How many of a class in restarts were such requests; nothing without any. */
export function nextText(kind: LossClass, failures: readonly JudgedFailure[]): string {
  const next = failures.filter(
    ({ sentinel, outcome, restart }) =>
      sentinel === 'in-flight-next' && restart !== null && (kind === 'lost' ? isLost(outcome) : outcome === kind),
  ).length;
  if (next === 0) return '';
  return next === 1
    ? '1 of them followed a request in flight, which was answered, on the same connection'
    : `${next} of them followed requests in flight, which were answered, on the same connection`;
}
