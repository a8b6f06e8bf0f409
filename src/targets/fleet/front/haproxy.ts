/**
 * HAProxy as a front door, in HTTP mode, told what to do through its runtime API.
 *
 * Rule: it is never reloaded. Each backend has a place of its own among many empty ones; one that leaves the table goes
 * into maintenance (what is under way ends in peace, also visitors with a cookie go elsewhere), and its place is used
 * again only when nothing is open on it. HAProxy's own habits (three retries of a connect) are left as they are.
 */
import { connect } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendCounts, FrontDoor } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';
import type { DoorPlace } from './embedded.ts';
import { proxyFolder, startProxy } from './proxy-process.ts';

const PLACES = 100;

/** The configuration of the door. */
export function haproxyConfiguration(
  { host, port }: DoorPlace,
  socketPath: string,
  { health_check: check, sticky }: Pick<FrontOptions, 'health_check' | 'sticky'>,
): string {
  return `global
  stats socket ${socketPath} mode 600 level admin
  hard-stop-after 1s
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
frontend door
  bind ${host}:${port} backlog 4096
  default_backend fleet
backend fleet
  balance roundrobin
${sticky === 'cookie' ? '  cookie ZERODROP insert indirect nocache dynamic\n  dynamic-cookie-key zerodrop\n' : ''}${
    check === undefined
      ? ''
      : `  option httpchk GET ${check.path}\n  default-server inter ${check.interval}ms fall ${check.fall} rise ` +
        `${check.rise}\n`
  }  server-template s 1-${PLACES} 127.0.0.1:1${check === undefined ? '' : ' check'} disabled
`;
}

/** The counts in the answer to `show stat`, by the name of the place. */
export function statsIn(csv: string): Map<string, Omit<BackendCounts, 'name'>> {
  const [head = '', ...lines] = csv.trim().split('\n');
  const names = head.replace(/^# /, '').split(',');
  const rows = lines.map((line) => new Map(line.split(',').map((value, at) => [names[at] ?? '', value])));
  return new Map(
    rows
      .filter((row) => row.get('pxname') === 'fleet' && row.get('svname') !== 'BACKEND')
      .map((row) => [
        row.get('svname') ?? '',
        { chosen: Number(row.get('stot')), refused: Number(row.get('econ')), open: Number(row.get('scur')) },
      ]),
  );
}

/** Starts HAProxy. Rejects with ZerodropError `command-not-found` or `bad-scenario`. */
export async function openHaproxy(place: DoorPlace, options: FrontOptions): Promise<FrontDoor> {
  const folder = proxyFolder(place);
  const [configuration, socketPath] = [join(folder, 'haproxy.cfg'), join(folder, 'api')];
  writeFileSync(configuration, haproxyConfiguration(place, socketPath, options));
  const proxy = await startProxy('haproxy', ['-db', '-f', configuration], folder, place);
  const slots = new Map<string, string>();
  const ask = (command: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(socketPath);
      let answer = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      socket.once('error', reject).once('end', () => {
        resolve(answer);
      });
      socket.end(`${command}\n`);
    });
  const stats = async (): Promise<ReturnType<typeof statsIn>> => statsIn(await ask('show stat'));
  const placeFor = async (name: string, inTable: ReadonlySet<string>): Promise<string> => {
    const used = new Set(slots.values());
    const all = Array.from({ length: PLACES }, (_, at) => `s${at + 1}`);
    const empty = all.find((slot) => !used.has(slot));
    const now = empty === undefined ? await stats() : undefined;
    const old =
      empty === undefined
        ? [...slots].find(([other, slot]) => !inTable.has(other) && now?.get(slot)?.open === 0)
        : undefined;
    const slot = empty ?? old?.[1];
    if (slot === undefined) throw new Error(`all ${PLACES} places of HAProxy are in use`);
    if (old !== undefined) slots.delete(old[0]);
    slots.set(name, slot);
    return slot;
  };
  return {
    origin: `http://${place.host}:${place.port}`,
    died: proxy.died,
    async route(backends) {
      const inTable = new Set(backends.map(({ name }) => name));
      const commands: string[] = [];
      for (const { name, host, port, weight } of backends) {
        const known = slots.get(name);
        const slot = known ?? (await placeFor(name, inTable));
        const address =
          known === undefined
            ? [`set server fleet/${slot} state maint`, `set server fleet/${slot} addr ${host} port ${port}`]
            : [];
        commands.push(...address, `set server fleet/${slot} weight ${weight}`, `set server fleet/${slot} state ready`);
      }
      for (const [name, slot] of slots) if (!inTable.has(name)) commands.push(`set server fleet/${slot} state maint`);
      if (commands.length > 0) await ask(commands.join('; '));
    },
    async counts() {
      const now = await stats();
      return [...slots].map(([name, slot]) => ({ name, ...(now.get(slot) ?? { chosen: 0, refused: 0, open: 0 }) }));
    },
    // It speaks for its clients: a failure of its own carries no trace of whom it was sent to.
    chosenFor: () => undefined,
    portsOf: () => undefined,
    close: proxy.close,
  };
}
