/** The instances of a fleet are replaced one after another, as a Kubernetes Deployment does it. */
import type { Restart } from '../restart.ts';
import { Rolling, rollingLimitsOf } from '../rolling.ts';
import { fleetAdvice } from './advice.ts';
import type { Strategy } from './strategy.ts';

export const rolling: Strategy = {
  name: 'rolling',
  summary:
    'replace the instances behind a front door one after another; restart.rolling: maxSurge, maxUnavailable, ' +
    'minReadySeconds, progressDeadlineSeconds',
  usedBy: 'Kubernetes Deployments, Nomad, ECS, Kamal, a loop over a list of hosts',
  fleet: {
    leastReady: (restart, replicas) => replicas - rollingLimitsOf(rollingOf(restart), replicas).unavailable,
  },
  steps: (restart) => [{ kind: 'rollout', rolling: rollingOf(restart) }],
  advice: fleetAdvice(
    'Instances ended while the front door still sent to them, or with requests in flight.',
    'Let each go on serving for longer than the news takes (fleet.lifecycle.preStop.sleep; 3 seconds are ' +
      'usual in a cluster), make terminationGracePeriodSeconds longer than that and the slowest request ' +
      'together, and keep maxUnavailable below the replicas.',
  ),
};

const rollingOf = (restart: Restart): Rolling => restart.rolling ?? Rolling.parse({});
