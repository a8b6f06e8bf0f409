/**
 * The scenario that `zerodrop try` runs: a plain restart, and a rolling update of two instances without and with
 * preStop.
 *
 * Rule: pure. It asks no question that the server cannot be asked: two instances need a port each.
 */
import type { ScenarioSource } from '../../model/scenario.ts';
import type { Found, Wishes } from './found.ts';

/** The arms, by the question that each answers. */
export const ARMS = { restart: 'restart', rollout: 'rollout', preStop: 'rollout-pre-stop' } as const;

/** Long enough for a client to see that a server drains; Kubernetes waits 30 s. */
export const GRACE_SECONDS = 5;
export const PRE_STOP_SECONDS = 3;
/** After so long a front door acts on a change: kube-proxy and ingress controllers take part of a second and more. */
export const PROPAGATION_MS = 500;
/** Connections of each kind that are ready when a restart begins. */
const SENTINELS = { 'in-flight': 10, upload: 10, idle: 20 } as const;
const QUIET = '500ms';

/** The scenario for what was found. */
export function scenarioToTry(found: Found, wishes: Wishes): ScenarioSource {
  const path = wishes.path ?? found.healthPath;
  const stream = { rate: `${wishes.ratePerSecond}/s`, path, headers: { ...wishes.headers } };
  const traffic = {
    arrivals: {
      fresh: { ...stream, connection: 'new' as const },
      keepalive: { ...stream, connection: 'reused' as const, connections: 20 },
    },
    client: { timeout: '3s' },
  };
  const shared = { name: 'try', traffic, controls: { negative: 1 } };
  if (found.kind === 'attached') {
    return {
      ...shared,
      target: { url: found.origin, healthcheck: { path: found.healthPath } },
      restart: { strategy: 'command', command: [...found.command], count: wishes.count, quiet: QUIET },
      traffic: { ...traffic, sentinels: SENTINELS },
    };
  }
  const rollout = {
    fleet: {
      replicas: 2,
      front: { propagation: `${PROPAGATION_MS}ms` },
      readinessProbe: { httpGet: { path: found.healthPath }, periodSeconds: 0.2 },
    },
    // Each replaces both instances: as many ends of an instance as in the plain restarts.
    restart: {
      strategy: 'rolling',
      count: Math.ceil(wishes.count / 2),
      quiet: QUIET,
      rolling: { maxSurge: 1, maxUnavailable: 0 },
    },
    controls: { positive: false, negative: 0 },
  };
  const arms = {
    [ARMS.restart]: {
      restart: { strategy: 'stop-start', count: wishes.count, quiet: QUIET },
      traffic: { sentinels: SENTINELS },
    },
    ...(found.heedsPort
      ? {
          [ARMS.rollout]: {
            ...rollout,
            fleet: { ...rollout.fleet, terminationGracePeriodSeconds: GRACE_SECONDS },
          },
          [ARMS.preStop]: {
            ...rollout,
            fleet: {
              ...rollout.fleet,
              lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
              terminationGracePeriodSeconds: PRE_STOP_SECONDS + GRACE_SECONDS,
            },
          },
        }
      : {}),
  };
  return { ...shared, target: targetOf(found, wishes), arms };
}

/** The server as the target of a scenario. */
export function targetOf(found: Extract<Found, { kind: 'started' }>, { signal }: Wishes): object {
  const { host, port } = found.opened;
  return {
    command: [...found.command],
    url: `http://${host}:${found.heedsPort ? '${PORT}' : port}`,
    healthcheck: { path: found.healthPath, start_period: '20s' },
    stop_signal: signal,
    stop_grace_period: `${GRACE_SECONDS}s`,
  };
}
