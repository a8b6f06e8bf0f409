import { describe, expect, it } from 'vitest';
import { Workload } from '../../../src/targets/kubernetes/objects.ts';
import { progressOf } from '../../../src/targets/kubernetes/progress.ts';

const workload = (spec: object, status: object): Workload =>
  Workload.parse({ metadata: { name: 'api', uid: 'u', generation: 2 }, spec: { selector: {}, ...spec }, status });

describe('a Deployment is rolled out', () => {
  const full = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
  const seen = (status: object) => progressOf('deployment', workload({ replicas: 3 }, { ...full, ...status }), 2);

  it('when all pods are updated and available, and none is old', () => {
    expect(seen({})).toEqual({ done: true });
  });

  it.each([
    [{ observedGeneration: 1 }, 'its controller has not seen the change yet'],
    [{ updatedReplicas: 2 }, '2 of 3 pods are updated'],
    [{ replicas: 4 }, 'old pods left: 1'],
    [{ availableReplicas: 2 }, '2 of 3 updated pods are available'],
  ])('and not yet with %j', (status, text) => {
    expect(seen(status)).toEqual({ done: false, text });
  });

  it('and never any more after its progress deadline', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(seen({ updatedReplicas: 1, conditions })).toMatchObject({ done: false, failed: true });
  });
});

describe('a StatefulSet is rolled out', () => {
  const full = { observedGeneration: 2, replicas: 3, readyReplicas: 3, currentRevision: 'b', updateRevision: 'b' };

  it('when all pods are ready and of the new revision', () => {
    expect(progressOf('statefulset', workload({ replicas: 3 }, full), 2)).toEqual({ done: true });
    const old = { ...full, currentRevision: 'a', updatedReplicas: 2 };
    expect(progressOf('statefulset', workload({ replicas: 3 }, old), 2)).toMatchObject({ done: false });
  });

  it('with a partition when those above it are updated', () => {
    const spec = { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } };
    const status = { ...full, currentRevision: 'a' };
    expect(progressOf('statefulset', workload(spec, { ...status, updatedReplicas: 2 }), 2)).toEqual({ done: true });
    expect(progressOf('statefulset', workload(spec, { ...status, updatedReplicas: 1 }), 2)).toMatchObject({
      text: '1 of 2 pods are updated',
    });
  });
});

it('a DaemonSet is rolled out when every node has an updated pod that is available', () => {
  const status = { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 };
  expect(progressOf('daemonset', workload({}, status), 2)).toEqual({ done: true });
  expect(progressOf('daemonset', workload({}, { ...status, numberAvailable: 1 }), 2)).toMatchObject({ done: false });
});
