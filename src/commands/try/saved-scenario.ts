/**
 * The scenario that `zerodrop try --save` writes: the strategy that suits what was found, and enough restarts to prove
 * something.
 *
 * Rule: it runs as it is. A strategy that has a gap by design is only chosen where nothing else is left, and says so.
 */
import { stringify } from 'yaml';
import { quantity } from '../../report/view/words.ts';
import type { Found, Wishes } from './found.ts';
import { PRE_STOP_SECONDS, PROPAGATION_MS, targetOf } from './plan.ts';

const COUNT = 20;

/** The file's text. `name`: of the scenario. */
export function savedScenario(found: Found, wishes: Wishes, name: string): string {
  const stream = {
    rate: `${wishes.ratePerSecond}/s`,
    path: wishes.path ?? found.healthPath,
    ...(Object.keys(wishes.headers).length === 0 ? {} : { headers: { ...wishes.headers } }),
  };
  const { comment, ...strategy } = strategyFor(found);
  const source = {
    name,
    target:
      found.kind === 'attached'
        ? { url: found.origin, healthcheck: { path: found.healthPath } }
        : targetOf(found, wishes),
    ...strategy,
    traffic: {
      arrivals: {
        fresh: { ...stream, connection: 'new' },
        keepalive: { ...stream, connection: 'reused', connections: 20 },
      },
      sentinels: { 'in-flight': 10, idle: 20 },
    },
    thresholds: { lost: 0, raced: 0 },
  };
  return (
    '# Written by zerodrop try. Check it with: zerodrop validate FILE     Run it with: zerodrop run FILE\n' +
    `${comment}\n# ${quantity(COUNT, 'restart')}: all clean, they prove (95 %) that fewer than 14 % lose requests; ` +
    `59 prove 5 %.\n${stringify(source, { lineWidth: 110 })}`
  );
}

function strategyFor(found: Found): { comment: string; restart: object; fleet?: object } {
  if (found.kind === 'attached') {
    return {
      comment:
        '# The command restarts the service. Name what differs from instance to instance in target.identity, such\n' +
        '# as {header: x-instance}: without it a restart cannot be proven, and the verdict is inconclusive.',
      restart: { strategy: 'command', command: [...found.command], count: COUNT },
    };
  }
  if (found.heedsListenFds) {
    return {
      comment: '# The server serves on an inherited socket (LISTEN_FDS), as under a systemd socket unit.',
      restart: { strategy: 'socket-activation', count: COUNT },
    };
  }
  if (found.heedsPort) {
    return {
      comment: '# Two instances behind a front door, replaced one after the other, as in a Kubernetes Deployment.',
      fleet: {
        replicas: 2,
        front: { propagation: `${PROPAGATION_MS}ms` },
        readinessProbe: { httpGet: { path: found.healthPath }, periodSeconds: 0.2 },
        lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
      },
      restart: { strategy: 'rolling', count: COUNT, rolling: { maxSurge: 1, maxUnavailable: 0 } },
    };
  }
  return {
    comment:
      '# stop-start has a gap by design, so this fails: the server ignores PORT, and two of it cannot run side by\n' +
      '# side. Let it read PORT for the strategy rolling, or serve on an inherited socket for socket-activation.',
    restart: { strategy: 'stop-start', count: COUNT },
  };
}
