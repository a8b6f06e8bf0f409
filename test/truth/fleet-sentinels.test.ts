/**
 * Sentinels before a fleet act when the instance that has their connection is told to end, and not when the restart begins: instances that
 * end at once lose what is under way in them (every upload, and every pair but one that is between two rounds), and instances that end in
 * peace nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { sandbox, type Sandbox } from '../cli/zerodrop.ts';

const POD = fileURLToPath(new URL('../../scenarios/targets/fleet/pod.mjs', import.meta.url));
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
    target: { command: ['node', POD], healthcheck: { path: '/health', start_period: '30s' }, identity: { header: 'x-instance' } },
    fleet: { replicas: 2, readinessProbe: { httpGet: { path: '/health' }, periodSeconds: 0.1 }, lifecycle: { preStop: { sleep: { seconds: 0.5 } } } },
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
  const fates = arms.map(({ name, sentinels }) => [name, sentinels['upload']?.lost, (sentinels['pipelined']?.lost ?? 0) > 0]);
  expect(fates).toEqual([
    ['rolling-hasty', due, true],
    ['rolling-well', 0, false],
    ['blue-green-hasty', due, true],
    ['blue-green-well', 0, false],
  ]);
  for (const { sentinels } of arms) expect([sentinels['upload']?.due, sentinels['pipelined']?.due]).toEqual([due, due]);
});
