/**
 * What stays fixed while a target runs: its origin, port, folder and environment.
 *
 * Rule: everything that a scenario leaves open is decided here, once, so that every instance gets the same.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { TlsSettings } from '../../model/plan.ts';
import type { Target } from '../../model/scenario.ts';
import { filledIn, isFillable, type Variables } from '../../processes/command.ts';
import type { Endpoint } from '../../processes/listeners.ts';
import { TOKEN_VARIABLE } from '../../processes/ours.ts';
import { checkPortFree, freePort } from '../../processes/port.ts';
import { tlsOf } from '../tls.ts';

export interface Setting {
  target: Target;
  /** Such as http://127.0.0.1:4711 */
  origin: string;
  /** Where it listens, when that is on this machine. */
  endpoint: Endpoint | undefined;
  folder: string;
  environment: NodeJS.ProcessEnv;
  pidFile: string | undefined;
  /** https: what is trusted and presented. */
  tls: TlsSettings;
  /** Clients and healthchecks speak HTTP/2. */
  isHttp2: boolean;
}

/**
 * Settles address, port and environment; `given` are the variables of the run, such as SCRATCH. `token`: marks what is
 * started there, which needs the port; without one, something listens on it already. Rejects with ZerodropError
 * `port-taken` or `bad-scenario`.
 */
export async function settingOf(target: Target, given: Variables, token?: string, isHttp2 = false): Promise<Setting> {
  const choosesPort = target.url.includes('${PORT}');
  const chosen = choosesPort
    ? String(await freePort(hostOf(new URL(target.url.replaceAll('${PORT}', '80')))))
    : undefined;
  const url = new URL(filledIn(target.url, { ...process.env, ...given, PORT: chosen }));
  const port = portOf(url);
  const endpoint = await endpointAt(hostOf(url), port);
  if (token !== undefined && !choosesPort && endpoint !== undefined) {
    await checkPortFree(endpoint.addresses[0] as string, endpoint);
  }
  const variables = { ...process.env, ...given, PORT: String(port) };
  return {
    target,
    origin: url.origin,
    endpoint,
    folder: resolve(target.working_dir),
    environment: environmentOf(target, variables, token === undefined ? {} : { [TOKEN_VARIABLE]: token }),
    tls: url.protocol === 'https:' ? tlsOf(target) : {},
    isHttp2,
    pidFile:
      target.pid_file === undefined ? undefined : resolve(target.working_dir, filledIn(target.pid_file, variables)),
  };
}

function environmentOf(target: Target, variables: Variables, marks: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(target.environment).map(([name, value]) => [name, filledIn(String(value), variables)]);
  return { ...variables, ...(Object.fromEntries(own) as Record<string, string>), ...marks };
}

/** The environment of target.build, which runs before there are ports: what needs one is left out. */
export function buildEnvironment(target: Target, given: Variables): NodeJS.ProcessEnv {
  const variables = { ...process.env, ...given, PORT: undefined };
  const own = Object.entries(target.environment).filter(([, value]) => isFillable(String(value), variables));
  return environmentOf({ ...target, environment: Object.fromEntries(own) }, variables, {});
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** IPv4 first: that is what most servers bind. Undefined when the host is another machine, or has no address. */
async function endpointAt(host: string, port: number): Promise<Endpoint | undefined> {
  const found = isIP(host)
    ? [host]
    : (await lookup(host, { all: true, order: 'ipv4first' }).catch(() => [])).map(({ address }) => address);
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
  );
  const addresses = found.filter(
    (address) => address.startsWith('127.') || address === '::1' || address === '0.0.0.0' || own.has(address),
  );
  return addresses.length === 0 ? undefined : { addresses, port };
}
