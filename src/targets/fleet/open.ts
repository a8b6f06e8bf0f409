/**
 * Joins a fleet and its front door into one target.
 *
 * Rule: the door is opened first, for it is what clients speak to; it is closed with the fleet, whatever happens.
 */
import { openFront } from './front/front.ts';
import { frontOptionsOf } from '../../model/fleet.ts';
import { openFleet } from './fleet.ts';
import type { Group } from '../../processes/group.ts';
import { TOKEN_VARIABLE } from '../../processes/ours.ts';
import { freePort } from '../../processes/port.ts';
import { processOf } from '../../processes/proc.ts';
import type { RunningTarget, TargetOptions } from '../target.ts';

const HOST = '127.0.0.1';

/** A fleet behind its door; nothing of it is started yet. Rejects with ZerodropError. */
export async function openFleetBehindDoor(
  options: Omit<TargetOptions, 'inheritsSocket' | 'witness'>,
): Promise<RunningTarget> {
  const { arm } = options;
  const { fleet } = arm;
  if (fleet === undefined) throw new Error('an arm without a fleet');
  const { warden, variables } = options;
  const token = `${options.token}.front`;
  const sinceTicks = processOf(process.pid)?.startTicks ?? 0;
  // By the token while nobody knows its group yet; by the group, too, since nginx writes over its environment.
  const guard = (...groups: Group[]): void => {
    warden.guard({ token, groups, sinceTicks }, 'front');
  };
  guard();
  const place = {
    host: HOST,
    port: await freePort(HOST),
    token: options.token,
    folder: variables['SCRATCH'],
    environment: { [TOKEN_VARIABLE]: token },
    spawned: guard,
  };
  const door = await openFront(place, frontOptionsOf(fleet));
  try {
    return openFleet({ ...options, arm: { ...arm, fleet } }, door);
  } catch (error) {
    await door.close();
    throw error;
  }
}
