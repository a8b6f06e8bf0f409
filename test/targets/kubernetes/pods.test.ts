import { describe, expect, it } from 'vitest';
import { Pod, ReplicaSet, selectorText, Workload } from '../../../src/targets/kubernetes/objects.ts';
import { exitOf, instanceOf, ownPods, stateOf, troubleOf } from '../../../src/targets/kubernetes/pods.ts';

const owned = (uid: string, owner: string) => ({
  metadata: { name: uid, uid, ownerReferences: [{ uid: owner, controller: true }] },
});
const pod = (status: object, metadata: object = {}): Pod =>
  Pod.parse({ metadata: { name: 'api-1', uid: 'abcdefghij', ...metadata }, status });
const ready = (value: string) => ({ conditions: [{ type: 'Ready', status: value }] });
const ended = (...ends: object[]): Pod =>
  pod({ containerStatuses: ends.map((terminated, index) => ({ name: `c${index}`, state: { terminated } })) });

describe('the pods of a workload', () => {
  const workload = Workload.parse({ metadata: { name: 'api', uid: 'w' }, spec: { selector: {} } });
  const pods = [Pod.parse(owned('mine', 'set')), Pod.parse(owned('theirs', 'other')), Pod.parse(owned('direct', 'w'))];

  it('are owned by its ReplicaSets, if it is a Deployment', () => {
    const sets = [ReplicaSet.parse(owned('set', 'w')), ReplicaSet.parse(owned('other', 'x'))];
    expect(ownPods('deployment', workload, sets, pods).map(({ metadata }) => metadata.name)).toEqual(['mine']);
  });

  it('are its own otherwise', () => {
    expect(ownPods('statefulset', workload, [], pods).map(({ metadata }) => metadata.name)).toEqual(['direct']);
  });
});

describe('a pod', () => {
  it('is draining from its deletion on, ready or not', () => {
    expect(stateOf(pod(ready('True')), false)).toBe('ready');
    expect(stateOf(pod(ready('False')), false)).toBe('started');
    expect(stateOf(pod(ready('False')), true)).toBe('unready');
    expect(stateOf(pod(ready('True'), { deletionTimestamp: '2026-11-27T12:00:00Z' }), true)).toBe('draining');
  });

  it('was forced when a container was killed, unless for want of memory', () => {
    expect(exitOf(pod({}))).toBeUndefined();
    expect(exitOf(ended({ exitCode: 0 }, { exitCode: 3 }))).toEqual({ by: 'code', code: 3, forced: false });
    expect(exitOf(ended({ exitCode: 3 }, { exitCode: 137 }))).toEqual({ by: 'code', code: 137, forced: true });
    expect(exitOf(ended({ exitCode: 137, reason: 'OOMKilled' }))?.forced).toBe(false);
  });

  it('says why it does not come up', () => {
    const waiting = (reason: string) => pod({ containerStatuses: [{ name: 'c', state: { waiting: { reason } } }] });
    expect(troubleOf(waiting('ImagePullBackOff'))).toBe('api-1: ImagePullBackOff');
    expect(troubleOf(waiting('ContainerCreating'))).toBeUndefined();
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }];
    expect(troubleOf(pod({ conditions }))).toBe('api-1: Unschedulable');
  });

  it('of a StatefulSet is told from the next one of its name', () => {
    expect(instanceOf('statefulset', pod({}))).toEqual({ key: 'abcdefghij', label: 'pod api-1 (abcdefgh)' });
    expect(instanceOf('deployment', pod({})).label).toBe('pod api-1');
  });
});

it('a selector is written as a query takes it', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'old', operator: 'DoesNotExist' },
    { key: 'new', operator: 'Exists' },
    { key: 'zone', operator: 'NotIn', values: ['x'] },
  ];
  expect(selectorText({ matchLabels: { app: 'api' }, matchExpressions })).toBe(
    'app=api,tier in (a,b),!old,new,zone notin (x)',
  );
});
