/**
 * The phases of a restart as stretches of time.
 *
 * Rule: a phase lasts from its moment to the next one that was seen; what follows the completion is no phase.
 */
import type { RestartMoment } from '../../model/event.ts';
import type { RestartView } from '../view/view.ts';

/** The phases of one restart, from each moment to the next, until it was completed. */
export function phasesOf(
  restart: Pick<RestartView, 'moments' | 'toMs'>,
): { moment: RestartMoment; fromMs: number; toMs: number }[] {
  return restart.moments.flatMap(({ moment, atMs }, index) => {
    if (moment === 'began' || moment === 'completed' || moment === 'settled') return [];
    return [{ moment, fromMs: atMs, toMs: restart.moments[index + 1]?.atMs ?? restart.toMs }];
  });
}
