/**
 * A whole second set is started and checked, then all new connections go to it; the old set is kept for a while, to go
 * back to.
 */
import { BlueGreen } from '../fleet.ts';
import { fleetAdvice } from './advice.ts';
import { BACK_TO_OLD } from './rollback.ts';
import type { Strategy } from './strategy.ts';

export const blueGreen: Strategy = {
  name: 'blue-green',
  summary:
    'start a second set, check it, switch the front door at once, and end the old set after ' +
    'restart.blue_green.drain; a second set that fails its check gets no traffic',
  usedBy:
    'deploy scripts with two directories or two pools, Argo Rollouts blueGreen, AWS CodeDeploy, Kamal with one host',
  fleet: { leastReady: (_, replicas) => replicas },
  steps: (restart) => [
    { kind: 'start', socket: 'own' },
    { kind: 'ready', successes: 1 },
    { kind: 'route', share: 1 },
    { kind: 'sleep', forMs: (restart.blue_green ?? BlueGreen.parse({})).drain },
    // Now under load: while the old set is there, one can go back.
    { kind: 'ready', successes: 1 },
    { kind: 'stop' },
    BACK_TO_OLD,
  ],
  advice: fleetAdvice(
    'The old set ended while requests were still on their way to it.',
    'Make restart.blue_green.drain longer than the front door needs to switch, and the grace period longer ' +
      'than the slowest request.',
  ),
};
