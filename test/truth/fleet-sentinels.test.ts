/**
 * Sentinels before a fleet act when the instance that has their connection is told to end, and not when the restart
 * begins: instances that end at once lose what is under way in them (every upload, and every pair but one that is
 * between two rounds), and instances that end in peace nothing; and what instances did wrong by their own account is
 * what was counted.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import type { SentinelName } from '../../src/model/sentinel.ts';
import { sandbox, type Sandbox } from '../cli/zerodrop.ts';

const POD = fileURLToPath(new URL('../../scenarios/targets/fleet/pod.mjs', import.meta.url));
const DROPPING_POD = fileURLToPath(new URL('sentinel-servers/dropping-pod.mjs', import.meta.url));
const RESTARTS = 2;
const COUNT = 6;

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  const left = await box.leftovers();
  box.remove();
  expect(left).toEqual([]);
});

it('the end of each instance is met by what is under way in it', { timeout: 120_000 }, async () => {
  const rolling = { strategy: 'rolling', rolling: { maxSurge: 1, maxUnavailable: 0 } };
  // An upload that acted when the restart began would be over before the first instance ends.
  const blueGreen = { strategy: 'blue-green', blue_green: { drain: '800ms' } };
  const scenario = box.file('fleet.yaml', {
    name: 'fleet-sentinels',
    target: {
      command: ['node', POD],
      healthcheck: { path: '/health', start_period: '30s' },
      identity: { header: 'x-instance' },
    },
    fleet: {
      replicas: 2,
      readinessProbe: { httpGet: { path: '/health' }, periodSeconds: 0.1 },
      lifecycle: { preStop: { sleep: { seconds: 0.5 } } },
    },
    restart: { strategy: 'rolling', count: RESTARTS, quiet: '500ms' },
    traffic: {
      arrivals: { fresh: { rate: '20/s', connection: 'new' } },
      sentinels: { upload: { count: COUNT, path: '/upload' }, pipelined: { count: COUNT, path: '/slow?ms=1500' } },
    },
    arms: {
      'rolling-hasty': { target: { environment: { STOP: 'hasty' } }, restart: rolling },
      'rolling-well': { restart: rolling },
      'blue-green-hasty': { target: { environment: { STOP: 'hasty' } }, restart: blueGreen },
      'blue-green-well': { restart: blueGreen },
    },
  });
  await box.zerodrop('run', scenario, '--json', 'result.json', '--no-controls');
  const { arms } = JSON.parse(readFileSync(join(box.folder, 'result.json'), 'utf8')) as Result;
  const due = RESTARTS * COUNT;
  const fates = arms.map(({ name, sentinels }) => [
    name,
    sentinels['upload']?.lost,
    (sentinels['pipelined']?.lost ?? 0) > 0,
  ]);
  expect(fates).toEqual([
    ['rolling-hasty', due, true],
    ['rolling-well', 0, false],
    ['blue-green-hasty', due, true],
    ['blue-green-well', 0, false],
  ]);
  for (const { sentinels } of arms) expect([sentinels['upload']?.due, sentinels['pipelined']?.due]).toEqual([due, due]);
});

it('what is dropped after the signal is counted as the instances count it', { timeout: 120_000 }, async () => {
  const account = box.file('account', '');
  const scenario = box.file('fleet.yaml', {
    name: 'fleet-account',
    target: {
      command: ['node', DROPPING_POD],
      environment: { ACCOUNT: account },
      healthcheck: { path: '/health', start_period: '30s' },
      identity: { header: 'x-instance' },
    },
    fleet: {
      replicas: 2,
      readinessProbe: { httpGet: { path: '/health' }, periodSeconds: 0.1 },
      lifecycle: { preStop: { sleep: { seconds: 0.5 } } },
    },
    restart: { strategy: 'rolling', count: RESTARTS, quiet: '500ms', rolling: { maxSurge: 1, maxUnavailable: 0 } },
    traffic: {
      arrivals: { fresh: { rate: '20/s', connection: 'new' } },
      sentinels: {
        idle: { count: COUNT, path: '/?kind=idle' },
        parked: { count: COUNT, path: '/?kind=parked' },
        download: { count: COUNT, path: '/?kind=download' },
      },
    },
  });
  await box.zerodrop('run', scenario, '--json', 'result.json', '--no-controls');
  const {
    arms: [arm],
  } = JSON.parse(readFileSync(join(box.folder, 'result.json'), 'utf8')) as Result;
  const misdeeds = readFileSync(account, 'utf8').split('\n');
  const noted = (kind: SentinelName | 'other'): number => misdeeds.filter((line) => line === kind).length;
  const counted = (kind: SentinelName): number | undefined => arm?.sentinels[kind]?.lost;
  expect(arm?.restarts.map(({ proven }) => proven)).toEqual([true, true]);
  expect([counted('idle'), counted('parked'), counted('download')]).toEqual([
    noted('idle'),
    noted('parked'),
    noted('download'),
  ]);
  expect(noted('other')).toBe(arm?.requests.lost);
  const due = RESTARTS * COUNT;
  for (const kind of ['idle', 'parked', 'download'] as const) expect(arm?.sentinels[kind]?.due).toBe(due);
  expect(noted('download')).toBe(due);
  // Those that come often meet it for certain; a parked one may be quicker than a busy instance hears of its signal.
  expect(noted('idle')).toBeGreaterThanOrEqual(due / 2);
  expect(noted('parked')).toBeGreaterThanOrEqual(due / 2);
});
