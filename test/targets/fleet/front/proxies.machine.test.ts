import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFront } from '../../../../src/targets/fleet/front/front.ts';
import { haproxyConfiguration, statsIn } from '../../../../src/targets/fleet/front/haproxy.ts';
import { nginxConfiguration } from '../../../../src/targets/fleet/front/nginx.ts';
import { proxyFolder, startProxy } from '../../../../src/targets/fleet/front/proxy-process.ts';
import { FrontOptions } from '../../../../src/model/fleet.ts';
import type { Backend, FrontDoor } from '../../../../src/model/front.ts';
import { freePort } from '../../../../src/processes/port.ts';
import { needs } from '../../../needs.ts';

async function backend(name: string): Promise<Backend & { asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end(name);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { name, host: '127.0.0.1', port: (server.address() as AddressInfo).port, weight: 1, asked: () => asked };
}

const table = (...backends: Backend[]): Backend[] =>
  backends.map(({ name, host, port, weight }) => ({ name, host, port, weight }));

async function answers(door: FrontDoor, count: number): Promise<string[]> {
  const all: string[] = [];
  for (let at = 0; at < count; at += 1) {
    all.push(
      await new Promise<string>((resolve) => {
        const asking = request(door.origin, { agent: false }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            resolve(response.statusCode === 200 ? text : `status ${response.statusCode}`);
          });
        });
        asking.on('error', (error) => {
          resolve(error.message);
        });
        asking.end();
      }),
    );
  }
  return all;
}

const tally = (all: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(all)].sort().map((one) => [one, all.filter((other) => other === one).length]));

describe.each(['haproxy', 'nginx'] as const)('%s as a front door', (kind) => {
  it.skipIf(!needs(kind))('spreads by weight, drains, and takes in again', async () => {
    const door = await openFront(
      { host: '127.0.0.1', port: await freePort('127.0.0.1') },
      FrontOptions.parse({ kind }),
    );
    onTestFinished(() => door.close());
    const [one, two] = [await backend('a'), await backend('b')];
    await door.route(table({ ...one, weight: 90 }, { ...two, weight: 10 }));
    expect(tally(await answers(door, 100))).toEqual({ a: 90, b: 10 });
    await door.route(table(two));
    expect(tally(await answers(door, 10))).toEqual({ b: 10 });
    await door.route(table(one, two));
    expect(tally(await answers(door, 10))).toEqual({ a: 5, b: 5 });
    expect(one.asked() + two.asked()).toBe(120);
  });

  it.skipIf(!needs(kind))('acts on the last of many tables, though nobody waited for those before', async () => {
    const door = await openFront(
      { host: '127.0.0.1', port: await freePort('127.0.0.1') },
      FrontOptions.parse({ kind }),
    );
    onTestFinished(() => door.close());
    const gone = await backend('gone');
    const staying = [await backend('b'), await backend('c')];
    for (let round = 0; round < 8; round += 1) {
      void door.route(table(gone, ...staying));
      await door.route(table(...staying));
      expect(Object.keys(tally(await answers(door, 6)))).toEqual(['b', 'c']);
    }
  });
});

describe('a proxy that is not there', () => {
  it('is told kindly', async () => {
    await expect(
      startProxy('no-such-proxy', [], proxyFolder({}), { host: '127.0.0.1', port: 1 }),
    ).rejects.toMatchObject({ code: 'command-not-found' });
  });
});

describe('configurations', () => {
  const place = { host: '127.0.0.1', port: 4711 };

  it('of HAProxy hold health checks when they are asked for', () => {
    expect(haproxyConfiguration(place, '/x/api', FrontOptions.parse({}))).not.toContain('check');
    expect(
      haproxyConfiguration(place, '/x/api', FrontOptions.parse({ health_check: { path: '/up', interval: '500ms' } })),
    ).toContain('default-server inter 500ms fall 3 rise 2');
  });

  it('of nginx hold the table, and eject nobody unless asked to', () => {
    const backends = [
      { name: 'a', host: '127.0.0.1', port: 1, weight: 3 },
      { name: 'b', host: '127.0.0.1', port: 2, weight: 0 },
    ];
    expect(nginxConfiguration(place, '/x', backends, {})).toContain('server 127.0.0.1:1 weight=3 max_fails=0;');
    expect(nginxConfiguration(place, '/x', backends, {})).not.toContain('127.0.0.1:2');
    expect(nginxConfiguration(place, '/x', [], {})).toContain('server 127.0.0.1:1 down;');
    expect(
      nginxConfiguration(place, '/x', backends, FrontOptions.parse({ passive_ejection: { failures: 2, for: '5s' } })),
    ).toContain('max_fails=2 fail_timeout=5s');
  });
});

it('counts are read from HAProxy by their names', () => {
  expect(
    statsIn('# pxname,svname,scur,stot,econ\nfleet,s1,2,10,1\nfleet,BACKEND,2,10,1\ndoor,FRONTEND,1,1,\n'),
  ).toEqual(new Map([['s1', { chosen: 10, refused: 1, open: 2 }]]));
});
