/**
 * What the steps of a restart may do to a workload.
 *
 * Rule: the port of model/control.ts. The pods are the cluster's: none of them is signalled, started or frozen here.
 */
import { StepFailure, type Chronicle, type Serving, type TargetControl } from '../../model/control.ts';
import type { WorkloadAction } from '../../model/kubernetes.ts';
import { deletePod, rolloutRestart, scaleTo } from './actions.ts';
import type { Pod, Workload } from './objects.ts';
import { servingPods, type Observed, type Place } from './observed.ts';
import { instanceOf } from './pods.ts';
import { wantedOf } from './progress.ts';
import { Refusal, Unreachable, userErrorOf } from './refusal.ts';
import { settled, type Settling } from './settle.ts';

export interface WorkloadControlOptions {
  place: Place;
  observed: Observed;
  chronicle: Chronicle;
  clientTimeoutMs: number;
  closing: AbortSignal;
  run: TargetControl['run'];
}

export function workloadControlOf(options: WorkloadControlOptions): TargetControl {
  const { place, observed, chronicle, clientTimeoutMs, closing } = options;
  /** Pods that served, or were to serve, when the restart began. */
  let old = new Set<string>();
  const isOld = ({ metadata: { uid } }: Pod): boolean => old.has(uid);

  const serving = (): Promise<Serving> =>
    Promise.resolve({
      instances: servingPods(observed).map((pod) => instanceOf(place.kind, pod)),
      identities: [],
    });
  const present = (): Workload => {
    const workload = observed.workload();
    if (workload !== undefined) return workload;
    throw new StepFailure(`The ${place.kind} ${place.name} was deleted.`, 'See who deleted it, and apply it again.');
  };
  const generation = (): number => present().metadata.generation ?? 0;
  const settle = async (endMs: number, details: Pick<Settling, 'generation' | 'mustGo'>): Promise<void> => {
    const withinMs = Math.max(0, endMs - performance.now() - clientTimeoutMs);
    await settled({
      place,
      observed,
      ...details,
      ready: () => chronicle.moment('ready'),
      withinMs,
      clientTimeoutMs,
      closing,
    });
  };
  const scaleDownAndUp = async (replicas: number | undefined, endMs: number): Promise<void> => {
    const before = wantedOf(place.kind, present());
    const fewer = replicas ?? Math.floor(before / 2);
    if (fewer >= before) {
      throw new StepFailure(
        `The ${place.kind} ${place.name} has ${before} replicas, so it cannot be scaled down to ${fewer}.`,
        'Give it more replicas, or restart.replicas a lower number.',
      );
    }
    const since = generation();
    try {
      await scaleTo(place, fewer);
      await settle(endMs, { generation: since + 1, mustGo: () => false });
    } finally {
      await scaleTo(place, before);
    }
    await settle(endMs, { generation: since + 2, mustGo: () => false });
  };
  const act = async (action: WorkloadAction, endMs: number): Promise<void> => {
    switch (action.kind) {
      case 'rollout-restart':
        return settle(endMs, { generation: await rolloutRestart(place, present()), mustGo: isOld });
      case 'delete-pod': {
        const [pod] = servingPods(observed);
        if (pod === undefined) {
          throw new StepFailure(`No pod of ${place.name} is ready, so none can be deleted.`, 'See why none is ready.');
        }
        await deletePod(place, pod);
        return settle(endMs, { generation: generation(), mustGo: ({ metadata }) => metadata.uid === pod.metadata.uid });
      }
      case 'scale':
        return scaleDownAndUp(action.replicas, endMs);
    }
  };

  return {
    begin() {
      old = new Set(observed.pods().map(({ metadata }) => metadata.uid));
      return serving();
    },
    async workload(action, withinMs) {
      try {
        await act(action, performance.now() + withinMs);
      } catch (error) {
        throw error instanceof Refusal || error instanceof Unreachable
          ? userErrorOf(error, place.cluster.context)
          : error;
      }
      chronicle.moment('gone');
    },
    run: options.run,
    async replaced(withinMs) {
      await settle(performance.now() + withinMs, { generation: generation(), mustGo: isOld });
      chronicle.moment('gone');
    },
    serving,
    start: () => Promise.reject(unsuitable('start')),
    ready: () => Promise.reject(unsuitable('ready')),
    signal: () => Promise.reject(unsuitable('signal')),
    stop: () => Promise.reject(unsuitable('stop')),
    kill: () => Promise.reject(unsuitable('kill')),
    exited: () => Promise.reject(unsuitable('exited')),
    freeze: () => Promise.reject(unsuitable('freeze')),
    route: () => Promise.reject(unsuitable('route')),
    rollout: () => Promise.reject(unsuitable('rollout')),
    analyse: () => Promise.reject(unsuitable('analyse')),
    recycled: () => Promise.reject(unsuitable('recycled')),
  };
}

function unsuitable(step: string): StepFailure {
  return new StepFailure(`The step ${step} does not suit a workload of Kubernetes.`, 'Use run, replaced and sleep.');
}
