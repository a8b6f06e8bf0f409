/**
 * The plan of an agent, made from an arm and the place where its target answers.
 *
 * Rule: pure; the streams are staggered so that arrivals of different streams do not fall due at the same moments.
 */
import type { Arm } from '../model/scenario.ts';
import type { Plan, TlsSettings } from '../model/plan.ts';
import type { PlacedSentinel } from '../model/sentinel.ts';
import { sentinelRequestOf } from './sentinel-request.ts';

/**
 * What the agent must do for this arm. `origin` is such as http://127.0.0.1:4711; `freezes`: the old instance is frozen
 * in each restart; `tls`: what the target's certificate files hold, for https.
 */
export function planOf(arm: Arm, origin: string, freezes = false, tls: TlsSettings = {}): Plan {
  const { arrivals, sentinels, client } = arm.traffic;
  const streams = Object.entries(arrivals);
  return {
    origin,
    streams: streams.map(([name, stream], index) => ({
      name,
      ratePerSecond: stream.rate,
      firstDueMs: ((index + 1) / (streams.length + 1)) * (1000 / stream.rate),
      connection: stream.connection,
      connections: stream.connections,
      request: {
        method: stream.method,
        path: stream.path,
        headers: stream.headers,
        ...(stream.body === undefined ? {} : { body: stream.body }),
        expect: stream.expect,
      },
    })),
    sentinels: Object.entries(sentinels).map(([name, options]) => ({
      name: name as PlacedSentinel,
      count: options.count,
      request: sentinelRequestOf(name as PlacedSentinel, options, Object.values(arrivals)),
    })),
    client: {
      kind: client.kind,
      timeoutMs: client.timeout,
      connectTimeoutMs: client.connect_timeout ?? client.timeout,
      headTimeoutMs: client.head_timeout ?? client.timeout,
      bodyTimeoutMs: client.body_timeout ?? client.timeout,
      retry: client.retry,
      ...(origin.startsWith('https:') ? { tls: { ...tls, fullHandshakes: !client.session_resumption } } : {}),
    },
    freezes,
    ...(arm.target.identity?.header === undefined ? {} : { identityHeader: arm.target.identity.header.toLowerCase() }),
  };
}
