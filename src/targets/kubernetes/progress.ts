/**
 * How far a rollout is.
 *
 * Rule: kubectl's own rules (`kubectl rollout status`), which say nothing of old pods that still end: whoever waits for
 * the end of those looks at the pods.
 */
import type { WorkloadKind } from '../../model/kubernetes.ts';
import type { Workload } from './objects.ts';

export type Progress = { done: true } | { done: false; text: string; failed?: true };

/** Whether the rollout of `generation` (or a later one) is done, and if not, what is missing. */
export function progressOf(kind: WorkloadKind, workload: Workload, generation: number): Progress {
  const { status } = workload;
  if ((status.observedGeneration ?? 0) < generation) return missing('its controller has not seen the change yet');
  switch (kind) {
    case 'deployment':
      return ofDeployment(workload);
    case 'statefulset':
      return ofStatefulSet(workload);
    case 'daemonset':
      return ofDaemonSet(workload);
  }
}

/** How many pods it is to have. */
export function wantedOf(kind: WorkloadKind, { spec, status }: Workload): number {
  return kind === 'daemonset' ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
}

function ofDeployment(workload: Workload): Progress {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions = [] } = workload.status;
  const wanted = wantedOf('deployment', workload);
  if (conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')) {
    return { done: false, failed: true, text: 'it exceeded its progress deadline' };
  }
  if (updatedReplicas < wanted) return missing(`${updatedReplicas} of ${wanted} pods are updated`);
  if (replicas > updatedReplicas) return missing(`old pods left: ${replicas - updatedReplicas}`);
  if (availableReplicas < wanted) return missing(`${availableReplicas} of ${wanted} updated pods are available`);
  return { done: true };
}

function ofStatefulSet(workload: Workload): Progress {
  const { readyReplicas = 0, updatedReplicas = 0, replicas = 0, currentRevision, updateRevision } = workload.status;
  const wanted = wantedOf('statefulset', workload);
  if (replicas !== wanted) return missing(`${replicas} of ${wanted} pods are there`);
  if (readyReplicas < wanted) return missing(`${readyReplicas} of ${wanted} pods are ready`);
  const partition = workload.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  if (partition > 0) {
    const due = Math.max(0, wanted - partition);
    return updatedReplicas < due ? missing(`${updatedReplicas} of ${due} pods are updated`) : { done: true };
  }
  return updateRevision === currentRevision
    ? { done: true }
    : missing(`${updatedReplicas} of ${wanted} pods are updated`);
}

function ofDaemonSet(workload: Workload): Progress {
  const { updatedNumberScheduled = 0, numberAvailable = 0 } = workload.status;
  const wanted = wantedOf('daemonset', workload);
  if (updatedNumberScheduled < wanted) return missing(`${updatedNumberScheduled} of ${wanted} pods are updated`);
  return numberAvailable < wanted ? missing(`${numberAvailable} of ${wanted} pods are available`) : { done: true };
}

const missing = (text: string): Progress => ({ done: false, text });
