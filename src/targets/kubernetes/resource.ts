/**
 * The resources of the API that are read or changed, and their paths.
 *
 * Rule: a request knows its verb and its resource in the words of RBAC, so that a missing right can be named.
 */

/** A kind of object, as RBAC and the paths of the API name it. */
export interface Resource {
  /** Empty for the core. */
  group: string;
  version: string;
  plural: string;
}

export const DEPLOYMENTS: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };
export const STATEFUL_SETS: Resource = { group: 'apps', version: 'v1', plural: 'statefulsets' };
export const DAEMON_SETS: Resource = { group: 'apps', version: 'v1', plural: 'daemonsets' };
export const REPLICA_SETS: Resource = { group: 'apps', version: 'v1', plural: 'replicasets' };
export const PODS: Resource = { group: '', version: 'v1', plural: 'pods' };

/** The verbs of RBAC that are used. */
export type Verb = 'get' | 'list' | 'watch' | 'patch' | 'delete' | 'create';

/** What a request is about. */
export interface Subject {
  verb: Verb;
  resource: Resource;
  /** Absent for objects of the whole cluster. */
  namespace?: string | undefined;
  name?: string | undefined;
  /** Such as scale or eviction. */
  subresource?: string | undefined;
}

/** The path of a request's subject. */
export function pathOf({ resource: { group, version, plural }, namespace, name, subresource }: Subject): string {
  const parts = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** The resource as `kubectl auth can-i` takes it, such as deployments.apps or deployments.apps/scale. */
export function resourceText({ resource: { group, plural }, subresource }: Subject): string {
  return `${group === '' ? plural : `${plural}.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}
