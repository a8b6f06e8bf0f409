/** A workload of a cluster is restarted through the API, and waited for until no old pod is left. */
import { WORKLOAD_ACTIONS, type WorkloadAction } from '../kubernetes.ts';
import type { Restart } from '../restart.ts';
import type { Advice, Strategy } from './strategy.ts';

const TOO_EARLY =
  'Pods stopped serving while new connections still came to them: Services and proxies learn of it only after their ' +
  'SIGTERM. Let each pod serve on for some seconds first, with lifecycle: {preStop: {sleep: {seconds: 5}}} in its ' +
  'container, and make terminationGracePeriodSeconds longer than that and the slowest request together.';
const CUT =
  'Pods ended with requests in flight, or before the news that they leave had reached everybody. Let the server ' +
  'finish open requests on SIGTERM, let the container wait first with lifecycle: {preStop: {sleep: {seconds: 5}}}, ' +
  'and make terminationGracePeriodSeconds longer than both together.';

const advice: Advice = {
  refused: TOO_EARLY,
  timeout:
    'No answer came in time. Connections that were never made went to addresses of pods that were gone: ' +
    `${TOO_EARLY.charAt(0).toLowerCase()}${TOO_EARLY.slice(1)}`,
  reset: CUT,
  closed: CUT,
  truncated: CUT,
};

export const kubernetes: Strategy = {
  name: 'kubernetes',
  summary:
    'restart the workload of target.kubernetes through the API (restart.action: ' +
    `${WORKLOAD_ACTIONS.join(', ')}), and wait until no old pod is left`,
  usedBy: 'Deployments, StatefulSets and DaemonSets of any cluster',
  workload: true,
  actions: WORKLOAD_ACTIONS,
  steps: (restart) => [{ kind: 'workload', action: actionOf(restart) }],
  advice,
};

function actionOf({ action = 'rollout-restart', replicas }: Restart): WorkloadAction {
  switch (action) {
    case 'rollout-restart':
    case 'delete-pod':
      return { kind: action };
    case 'scale':
      return { kind: action, ...(replicas === undefined ? {} : { replicas }) };
    case 'restart':
    case 'reload':
      throw new Error(`the action ${action}, which the check of the scenario lets through`);
  }
}
