/**
 * The workload as the cluster shows it: itself, its ReplicaSets and its pods, kept up to date by watches.
 *
 * Rule: each pod has a lane in the log, and each of its states is told once, when it arrives here: the cluster's own
 * times have whole seconds.
 */
import type { Chronicle } from '../../model/control.ts';
import type { EventOf } from '../../model/event.ts';
import type { WorkloadKind } from '../../model/kubernetes.ts';
import { Pod, ReplicaSet, selectorText, Workload } from './objects.ts';
import { exitOf, instanceOf, isReady, isTerminating, ownPods, stateOf } from './pods.ts';
import type { Refusal } from './refusal.ts';
import type { Cluster } from './request.ts';
import { DAEMON_SETS, DEPLOYMENTS, PODS, REPLICA_SETS, STATEFUL_SETS, type Resource } from './resource.ts';
import { watch, type Change, type Gap } from './watch.ts';

/** Where the workload is. */
export interface Place {
  cluster: Cluster;
  kind: WorkloadKind;
  name: string;
  namespace: string;
}

export interface Observed {
  /** Undefined when it is gone. */
  workload(): Workload | undefined;
  /** Its pods, those that end included. */
  pods(): Pod[];
  /** Called when one of its pods is to end. */
  onEnding(tell: (pod: Pod) => void): void;
  /** Resolves when the workload is gone. */
  readonly gone: Promise<void>;
}

export interface ObservedOptions extends Place {
  chronicle: Chronicle;
  gap(gap: Gap): void;
  /** A right was taken away meanwhile. */
  failed(refusal: Refusal): void;
  signal: AbortSignal;
}

export const RESOURCE_OF: Readonly<Record<WorkloadKind, Resource>> = {
  deployment: DEPLOYMENTS,
  statefulset: STATEFUL_SETS,
  daemonset: DAEMON_SETS,
};

type Lane = { instance: number; state: EventOf<'instance'>['state']; wasReady: boolean; last: Pod };

/** Rejects with Refusal or Unreachable when something cannot be seen. */
export async function observe(options: ObservedOptions): Promise<Observed> {
  const { cluster, kind, name, namespace, chronicle, signal } = options;
  const resource = RESOURCE_OF[kind];
  const { spec } = Workload.parse(await cluster.ask({ verb: 'get', resource, namespace, name }));

  let workload: Workload | undefined;
  const replicaSets = new Map<string, ReplicaSet>();
  const pods = new Map<string, Pod>();
  const lanes = new Map<string, Lane>();
  let tellEnding = (_pod: Pod): void => undefined;
  let tellGone = (): void => undefined;
  const gone = new Promise<void>((resolve) => (tellGone = resolve));

  const tell = (lane: Lane, state: Lane['state'], more: { exit?: EventOf<'instance'>['exit'] } = {}): void => {
    lane.state = state;
    lane.wasReady ||= state === 'ready';
    chronicle.instance({
      instance: lane.instance,
      state,
      atMs: chronicle.nowMs(),
      id: instanceOf(kind, lane.last),
      name: lane.last.metadata.name,
      // What a server calls itself that answers with the name of its host.
      ...(state === 'ready' ? { identity: lane.last.metadata.name } : {}),
      ...(more.exit === undefined ? {} : { exit: more.exit }),
    });
  };
  /** A pod may be seen before the ReplicaSet that makes it one of ours. */
  const look = (): void => {
    if (workload === undefined) return;
    for (const pod of ownPods(kind, workload, replicaSets.values(), pods.values())) {
      let lane = lanes.get(pod.metadata.uid);
      if (lane === undefined) {
        lane = { instance: lanes.size, state: 'gone', wasReady: false, last: pod };
        lanes.set(pod.metadata.uid, lane);
        tell(lane, 'started');
      }
      lane.last = pod;
      const state = stateOf(pod, lane.wasReady);
      if (state === lane.state) continue;
      tell(lane, state);
      if (state === 'draining') tellEnding(pod);
    }
  };
  const end = ({ metadata: { uid } }: Pod): void => {
    const lane = lanes.get(uid);
    if (lane === undefined) return;
    const exit = exitOf(lane.last);
    tell(lane, 'gone', exit === undefined ? {} : { exit });
  };

  const keep =
    <T extends Pod | ReplicaSet>(into: Map<string, T>, parse: (object: unknown) => T, left?: (object: T) => void) =>
    ({ type, object }: Change): void => {
      const parsed = parse(object);
      if (type === 'gone') into.delete(parsed.metadata.uid);
      else into.set(parsed.metadata.uid, parsed);
      look();
      if (type !== 'gone') return;
      const lane = lanes.get(parsed.metadata.uid);
      // The last state may come with the end itself, and its exit code stands only there.
      if (lane !== undefined) lane.last = parsed as Pod;
      left?.(parsed);
    };
  const follow = (
    of: Resource,
    changed: (change: Change) => void,
    filter: { labels: string } | { fields: string },
  ): Promise<void> =>
    watch({ cluster, resource: of, namespace, ...filter, changed, gap: options.gap, signal }, options.failed);

  const labels = selectorText(spec.selector);
  await follow(
    resource,
    ({ type, object }) => {
      workload = type === 'gone' ? undefined : Workload.parse(object);
      if (type === 'gone') tellGone();
    },
    { fields: `metadata.name=${name}` },
  );
  if (kind === 'deployment') {
    await follow(
      REPLICA_SETS,
      keep(replicaSets, (object) => ReplicaSet.parse(object)),
      { labels },
    );
  }
  await follow(
    PODS,
    keep(pods, (object) => Pod.parse(object), end),
    { labels },
  );

  return {
    workload: () => workload,
    pods: () => (workload === undefined ? [] : ownPods(kind, workload, replicaSets.values(), pods.values())),
    onEnding(inform) {
      tellEnding = inform;
    },
    gone,
  };
}

/** The pods that serve: ready, and not to end. */
export const servingPods = ({ pods }: Observed): Pod[] => pods().filter((pod) => isReady(pod) && !isTerminating(pod));
