/** The instances of a fleet are replaced one after another, as a Kubernetes Deployment does it. */
import { Rolling } from '../model/rolling.ts';
import type { Strategy } from './strategy.ts';

export const rolling: Strategy = {
  name: 'rolling',
  summary:
    'replace the instances behind a front door one after another; restart.rolling: maxSurge, maxUnavailable, ' +
    'minReadySeconds, progressDeadlineSeconds',
  worksSo: 'Kubernetes Deployments, Nomad, ECS, Kamal, a loop over a list of hosts',
  fleet: true,
  steps: (restart) => [{ kind: 'rollout', rolling: restart.rolling ?? Rolling.parse({}) }],
};
