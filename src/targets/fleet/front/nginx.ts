/**
 * nginx as a front door: a generated upstream block, and for every change a link that is exchanged at once, and a
 * reload.
 *
 * Rule: a reload never reads half a configuration, whoever asks for it. A change has been made when a new worker is
 * there and the old ones no longer accept. nginx's own habits (it tries the next instance when one does not take the
 * request) are left as they are; its passive ejection is off unless it is asked for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backend, FrontDoor } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';
import type { DoorPlace } from './embedded.ts';
import { proxyFolder, startProxy } from './proxy-process.ts';
import { publisherOf } from './publish.ts';

const RELOADED_WITHIN_MS = 3000;

/** The configuration of the door. */
export function nginxConfiguration(
  { host, port }: DoorPlace,
  folder: string,
  backends: readonly Backend[],
  { passive_ejection: eject }: Pick<FrontOptions, 'passive_ejection'>,
): string {
  const failing =
    eject === undefined
      ? 'max_fails=0'
      : `max_fails=${eject.failures} fail_timeout=${Math.max(1, Math.round(eject.for / 1000))}s`;
  const servers = backends
    .filter(({ weight }) => weight > 0)
    .map((backend) => `    server ${backend.host}:${backend.port} weight=${backend.weight} ${failing};`);
  // An upstream without a server is no configuration.
  const listed = servers.length > 0 ? servers : ['    server 127.0.0.1:1 down;'];
  return `${process.getuid?.() === 0 ? 'user root;\n' : ''}daemon off;
worker_processes 1;
pid ${join(folder, 'pid')};
error_log stderr error;
events { worker_connections 8192; }
http {
  access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`)
  .join('\n')}
  upstream fleet {
${listed.join('\n')}
  }
  server {
    listen ${host}:${port} backlog=4096;
    location / {
      proxy_pass http://fleet;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }
  }
}
`;
}

/** Starts nginx. Rejects with ZerodropError `command-not-found` or `bad-scenario`. */
export async function openNginx(place: DoorPlace, options: FrontOptions): Promise<FrontDoor> {
  const folder = proxyFolder(place);
  const path = join(folder, 'nginx.conf');
  const publish = publisherOf(path);
  const configure = (backends: readonly Backend[]): void => {
    publish(nginxConfiguration(place, folder, backends, options));
  };
  configure([]);
  const proxy = await startProxy('nginx', ['-p', folder, '-e', 'stderr', '-c', path], folder, place);
  const workers = (): string[] => textOf(`/proc/${proxy.pid}/task/${proxy.pid}/children`).split(' ').filter(Boolean);
  const reload = async (backends: readonly Backend[]): Promise<void> => {
    const before = new Set(workers());
    configure(backends);
    proxy.signal('SIGHUP');
    const endMs = performance.now() + RELOADED_WITHIN_MS;
    const isDone = (): boolean => workers().some((pid) => !before.has(pid)) && [...before].every(isLeaving);
    while (performance.now() < endMs && !isDone()) await delay(5);
  };
  return {
    origin: `http://${place.host}:${place.port}`,
    died: proxy.died,
    route: reload,
    counts: () => Promise.resolve([]),
    chosenFor: () => undefined,
    portsOf: () => undefined,
    close: proxy.close,
  };
}

/** A worker says in its title that it no longer accepts. */
function isLeaving(pid: string): boolean {
  const title = textOf(`/proc/${pid}/cmdline`);
  return title === '' || title.includes('shutting down');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
