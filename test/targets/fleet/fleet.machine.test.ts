import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openFleetBehindDoor } from '../../../src/targets/fleet/open.ts';
import type { Analyse } from '../../../src/model/canary.ts';
import { Fleet } from '../../../src/model/fleet.ts';
import { Restart } from '../../../src/model/restart.ts';
import { Target, Traffic } from '../../../src/model/scenario.ts';
import { strategyOf } from '../../../src/strategies/resolve.ts';
import { runRestart } from '../../../src/strategies/runner.ts';
import { startWarden } from '../../../src/processes/warden.ts';
import { answering, holders, recordedChronicle, type Told } from '../process/stage.ts';

const POD = new URL('../../../scenarios/targets/fleet/pod.mjs', import.meta.url).pathname;
const LIMIT_MS = 60_000;

const MASTER_AND_WORKER = new URL('../process/servers/master-and-worker.mjs', import.meta.url).pathname;
const WAITS_FOR_A_FILE = new URL('../process/servers/waits-for-a-file.mjs', import.meta.url).pathname;

interface Given {
  server?: string;
  command?: string[];
  fleet?: object;
  restart: object;
  environment?: Record<string, string>;
  analyse?: Analyse;
}

/** A fleet of pods that is closed at the end of the test, when nothing of it may be left. */
async function stagedFleet({
  server = POD,
  command = ['node', server],
  fleet = {},
  restart: source,
  environment = {},
  analyse = () => Promise.reject(new Error('nobody asked')),
}: Given) {
  const restart = Restart.parse(source);
  const token = randomBytes(8).toString('hex');
  const warden = await startWarden(token);
  const { chronicle, told } = recordedChronicle();
  const target = await openFleetBehindDoor({
    arm: {
      target: Target.parse({
        command,
        environment,
        healthcheck: { path: '/health', start_period: '30s', timeout: '5s' },
        identity: { header: 'x-instance' },
      }),
      fleet: Fleet.parse({ replicas: 2, ...fleet }),
      restart,
      traffic: Traffic.parse({}),
    },
    token,
    variables: {},
    warden,
    chronicle,
    analyse,
  });
  onTestFinished(async () => {
    await target.close();
    await warden.close();
    expect(holders(token)).toEqual([]);
  });
  return {
    target,
    told,
    restart: async () => {
      const before = await target.begin();
      const { ok } = await runRestart(strategyOf(restart).steps, target, chronicle, { timeoutMs: LIMIT_MS });
      return { ok, before: before.identities.toSorted(), after: (await target.serving()).identities.toSorted() };
    },
  };
}

const codes = ({ facts }: Told): string[] => facts.map(({ code }) => code);

/** The fewest lanes that were ready at once, once all had been. */
function fewestReady({ lanes }: Told, replicas: number): number {
  const ready = new Set<string>();
  let fewest = Infinity;
  let begun = false;
  for (const line of lanes) {
    const [lane = '', state] = line.split(' ');
    if (state === 'ready') ready.add(lane);
    else ready.delete(lane);
    begun ||= ready.size === replicas;
    if (begun) fewest = Math.min(fewest, ready.size);
  }
  return fewest;
}

/** All identities that answer through the door. */
async function met(origin: string): Promise<Set<string | null>> {
  const identities = new Set<string | null>();
  for (let count = 0; count < 12; count += 1) identities.add(await answering(origin));
  return identities;
}

describe('a fleet', { timeout: 120_000 }, () => {
  it('is replaced instance by instance, and never has fewer ready than allowed', async () => {
    const { target, told, restart } = await stagedFleet({
      restart: { strategy: 'rolling', rolling: { maxSurge: 1, maxUnavailable: 0 } },
    });
    await target.startFirst();
    expect((await met(target.origin)).size).toBe(2);
    const { ok, before, after } = await restart();
    expect({ ok, before: before.length, after: after.length }).toEqual({ ok: true, before: 2, after: 2 });
    expect(before.filter((identity) => after.includes(identity))).toEqual([]);
    expect([...(await met(target.origin))].toSorted()).toEqual(after);
    expect(fewestReady(told, 2)).toBe(2);
    expect(told.lanes.filter((line) => line.endsWith('gone'))).toHaveLength(2);
    expect(codes(told)).toEqual([]);
  });

  it('is switched to a second set, and back when that is no good', async () => {
    const { target, told, restart } = await stagedFleet({
      restart: { strategy: 'blue-green', blue_green: { drain: '0ms' }, environment: { BROKEN: 'no database' } },
    });
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(ok).toBe(false);
    expect(after).toEqual(before);
    expect(codes(told)).toEqual(['step-failed', 'rolled-back']);
    expect(told.facts[0]?.message).toContain('no database');
    expect([...(await met(target.origin))].toSorted()).toEqual(before);
  });

  it('gives a canary its share, and takes it back when it is judged', async () => {
    const shares: (number | undefined)[] = [];
    const known: (boolean | undefined)[] = [];
    const { target, told, restart } = await stagedFleet({
      restart: { strategy: 'canary', canary: { weights: ['50%', '90%'], for: '10ms' } },
      analyse: async ({ share, isNewIdentity }) => {
        shares.push(share);
        for (const identity of await met(target.origin)) known.push(isNewIdentity(identity ?? ''));
        return {
          verdict: shares.length === 1 ? 'pass' : 'inconclusive',
          message: 'It was looked at.',
          hint: 'Look again.',
        };
      },
    });
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect({ ok, shares }).toEqual({ ok: false, shares: [0.5, 0.9] });
    expect(new Set(known)).toEqual(new Set([true, false]));
    expect(after).toEqual(before);
    expect(codes(told)).toEqual(['step-inconclusive', 'rolled-back']);
    expect(told.steps.find(({ text }) => text.startsWith('analyse'))).toMatchObject({ note: 'It was looked at.' });
  });

  it('starts an instance again that ends by itself, and tells of it', async () => {
    const { target, told } = await stagedFleet({ restart: { strategy: 'rolling' } });
    await target.startFirst();
    const [pid] = (await target.begin()).instances.map(({ process: pid }) => pid);
    process.kill(pid as number, 'SIGKILL');
    const again = '2 ready';
    while (!told.lanes.includes(again)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(codes(told)).toEqual(['replica-died']);
    expect((await target.serving()).identities).toHaveLength(2);
  });

  it('leaves nothing of an instance that ends by itself, before it is started again', async () => {
    const { target, told } = await stagedFleet({ server: MASTER_AND_WORKER, restart: { strategy: 'rolling' } });
    await target.startFirst();
    const { instances, identities: before } = await target.begin();
    process.kill(instances[0]?.process as number, 'SIGKILL');
    await vi.waitUntil(() => told.lanes.includes('2 ready'), { timeout: LIMIT_MS });
    const after = (await target.serving()).identities;
    expect(after).toHaveLength(2);
    expect(after.filter((identity) => before.includes(identity))).toHaveLength(1);
  });

  it('dies when an instance that ended cannot be started again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zerodrop-fleet-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const program = join(folder, 'pod');
    writeFileSync(program, `#!/bin/sh\nexec node ${POD}\n`, { mode: 0o755 });
    const { target } = await stagedFleet({ command: [program], restart: { strategy: 'rolling' } });
    await target.startFirst();
    rmSync(program);
    process.kill((await target.begin()).instances[0]?.process as number, 'SIGKILL');
    expect(await target.died).toMatchObject({
      message: expect.stringMatching(/^Instance i1 ended and could not be started again: .*pod/),
    });
  });

  it(
    'starts a new instance again and again until the rollout has made no progress for too long, and goes on ' +
      'serving',
    async () => {
      const { target, told, restart } = await stagedFleet({
        restart: {
          strategy: 'rolling',
          rolling: { maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 3 },
          environment: { BROKEN: 'no database' },
        },
      });
      await target.startFirst();
      for (const attempts of [4, 4]) {
        const startedBefore = told.lanes.filter((line) => line.endsWith('started')).length;
        const { ok, before, after } = await restart();
        expect(ok).toBe(false);
        expect(after).toEqual(before);
        expect(after).toHaveLength(2);
        expect(told.lanes.filter((line) => line.endsWith('started')).length - startedBefore).toBeGreaterThanOrEqual(
          attempts,
        );
      }
      expect(codes(told)).toEqual(['step-failed', 'step-failed']);
      expect(told.facts[0]?.message).toMatch(/made no progress.*no database.*attempt \d/s);
    },
  );

  it('goes on with a rollout when a new instance comes up at last', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'zerodrop-fleet-')), 'migrated');
    onTestFinished(() => {
      rmSync(dirname(file), { recursive: true });
    });
    const { target, told, restart } = await stagedFleet({
      server: WAITS_FOR_A_FILE,
      restart: { strategy: 'rolling', rolling: { maxSurge: 1, maxUnavailable: 0 }, environment: { WAIT_FOR: file } },
    });
    await target.startFirst();
    const restarted = restart();
    await vi.waitUntil(() => told.lanes.filter((line) => line.endsWith('gone')).length >= 2, { timeout: LIMIT_MS });
    writeFileSync(file, '');
    const { ok, before, after } = await restarted;
    expect(ok).toBe(true);
    expect(after).toHaveLength(2);
    expect(before.filter((identity) => after.includes(identity))).toEqual([]);
    expect(codes(told)).toEqual([]);
  });

  it('kills what outlives its grace period', async () => {
    const { target, told, restart } = await stagedFleet({
      fleet: { terminationGracePeriodSeconds: 0.3, lifecycle: { preStop: { exec: { command: 'false' } } } },
      restart: { strategy: 'rolling' },
    });
    await target.startFirst();
    const slow = [1, 2, 3, 4].map(() => fetch(`${target.origin}/slow?ms=20000`).catch((error: unknown) => error));
    while (
      (await Promise.race([Promise.all(slow), new Promise((resolve) => setTimeout(resolve, 200, 'open'))])) !== 'open'
    );
    expect((await restart()).ok).toBe(true);
    expect(codes(told).toSorted()).toEqual(['forced-kill', 'forced-kill', 'pre-stop-failed', 'pre-stop-failed']);
    expect((await Promise.all(slow)).every((one) => one instanceof Error)).toBe(true);
  });

  it('that does not come up says why', async () => {
    const { target } = await stagedFleet({ restart: { strategy: 'rolling' }, environment: { BROKEN: 'no disk' } });
    await expect(target.startFirst()).rejects.toMatchObject({
      code: 'target-died-at-start',
      message: expect.stringContaining('no disk'),
    });
  });
});
