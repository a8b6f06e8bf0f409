/**
 * What a pod is at a moment, and which pods are those of a workload.
 *
 * Rule: pure. A pod that is to end is draining, whatever its readiness says; its end is its being gone from the API.
 */
import type { EventOf, Exit } from '../../model/event.ts';
import type { InstanceId } from '../../model/instance-id.ts';
import type { WorkloadKind } from '../../model/kubernetes.ts';
import type { Pod, ReplicaSet, Workload } from './objects.ts';

/** Exit code of a process that was ended by SIGKILL, as shells and container engines count: 128 + 9. */
const KILLED = 137;

const ownerOf = ({ metadata }: Pod | ReplicaSet): string | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;

/** The pods that the workload owns: a Deployment by way of its ReplicaSets. */
export function ownPods(
  kind: WorkloadKind,
  workload: Workload,
  replicaSets: Iterable<ReplicaSet>,
  pods: Iterable<Pod>,
): Pod[] {
  const owners = new Set(
    kind === 'deployment'
      ? [...replicaSets].filter((set) => ownerOf(set) === workload.metadata.uid).map(({ metadata }) => metadata.uid)
      : [workload.metadata.uid],
  );
  return [...pods].filter((pod) => owners.has(ownerOf(pod) ?? ''));
}

export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

export const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;

/** Its state, as a lane shows it. `wasReady`: it has been before. */
export function stateOf(pod: Pod, wasReady: boolean): EventOf<'instance'>['state'] {
  if (isTerminating(pod)) return 'draining';
  if (isReady(pod)) return 'ready';
  return wasReady ? 'unready' : 'started';
}

/** The pod as an instance. A StatefulSet gives its names again, so they do not tell one pod from the next. */
export function instanceOf(kind: WorkloadKind, { metadata: { name, uid } }: Pod): InstanceId {
  return { key: uid, label: `pod ${name}${kind === 'statefulset' ? ` (${uid.slice(0, 8)})` : ''}` };
}

/** How its containers ended: by the one that was killed, or else the first that failed, or else the first. */
export function exitOf({ status }: Pod): Exit | undefined {
  const ends = (status.containerStatuses ?? []).flatMap(({ state }) => state?.terminated ?? []);
  const end =
    ends.find(({ exitCode }) => exitCode === KILLED) ?? ends.find(({ exitCode }) => exitCode !== 0) ?? ends[0];
  if (end === undefined) return undefined;
  return { by: 'code', code: end.exitCode, forced: end.exitCode === KILLED && end.reason !== 'OOMKilled' };
}

/** Why a pod does not come up, where its containers say so: api-1: ImagePullBackOff. */
export function troubleOf({ metadata, status }: Pod): string | undefined {
  const unscheduled = status.conditions?.find(
    ({ type, status: value }) => type === 'PodScheduled' && value === 'False',
  );
  const reason =
    status.containerStatuses?.flatMap(({ state }) => state?.waiting?.reason ?? [])[0] ?? unscheduled?.reason;
  return reason === undefined || reason === 'ContainerCreating' ? undefined : `${metadata.name}: ${reason}`;
}
