/**
 * The ways to restart a workload, as requests to the API.
 *
 * Rule: each is what kubectl does under the same name, and resolves with the generation that must have been rolled out
 * afterwards. Rejects with Refusal or Unreachable, or with StepFailure where kubectl would refuse.
 */
import { StepFailure } from '../../model/control.ts';
import { Workload, type Pod } from './objects.ts';
import { RESOURCE_OF, type Place } from './observed.ts';
import { PODS } from './resource.ts';

const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';

/** `kubectl rollout restart`: all pods are replaced, as the workload's own strategy says. */
export async function rolloutRestart({ cluster, kind, name, namespace }: Place, workload: Workload): Promise<number> {
  if (workload.spec.paused === true) {
    throw new StepFailure(
      `The deployment ${name} is paused, so nothing would be restarted.`,
      `Resume it: kubectl rollout resume deployment/${name} --namespace ${namespace}`,
    );
  }
  if (workload.spec.updateStrategy?.type === 'OnDelete') {
    throw new StepFailure(
      `The ${kind} ${name} has the update strategy OnDelete, so a rollout would replace no pod.`,
      'Use restart.action: delete-pod, or the update strategy RollingUpdate.',
    );
  }
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  const changed = await cluster.ask(
    { verb: 'patch', resource: RESOURCE_OF[kind], namespace, name },
    { body: { spec: { template: { metadata: { annotations } } } }, contentType: STRATEGIC_PATCH },
  );
  return Workload.parse(changed).metadata.generation ?? 0;
}

/** `kubectl delete pod`: it ends as its grace period says, and its controller makes another one. */
export async function deletePod({ cluster, namespace }: Place, { metadata: { name } }: Pod): Promise<void> {
  await cluster.ask({ verb: 'delete', resource: PODS, namespace, name });
}

/** `kubectl scale`. */
export async function scaleTo({ cluster, kind, name, namespace }: Place, replicas: number): Promise<void> {
  await cluster.ask(
    { verb: 'patch', resource: RESOURCE_OF[kind], namespace, name, subresource: 'scale' },
    { body: { spec: { replicas } }, contentType: MERGE_PATCH },
  );
}
