/**
 * Every example scenario is run for real, with fewer restarts: it must see what it says that it shows.
 *
 * Rule: a machine that is too busy for a verdict may make one inconclusive; it never excuses a lost request, or hides one.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArmResult, Result } from '../../src/model/result.ts';
import { sandbox, type Sandbox } from '../cli/zerodrop.ts';
import { needs } from '../needs.ts';
import { endAll, startTarget } from './client.ts';

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const RESTARTS = 2;
/** What a busy machine may do to a verdict. */
const EXCUSES = ['harness-late', 'too-few-restarts', 'noise-without-restart', 'spike-limit-below-noise'];

const names = readdirSync(join(SCENARIOS, 'node')).filter((name) => name.endsWith('.yaml')).map((name) => `node/${name.replace(/\.yaml$/, '')}`);

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  await endAll();
  expect(await box.leftovers()).toEqual([]);
  box.remove();
});

async function resultOf(file: string): Promise<Result> {
  const { stdout, stderr } = await box.zerodrop('run', file, '--restarts', String(RESTARTS), '--expect', '--json', 'result.json', '--quiet');
  try {
    return JSON.parse(readFileSync(join(box.folder, 'result.json'), 'utf8')) as Result;
  } catch {
    throw new Error(`${file} left no result: ${stdout}${stderr}`);
  }
}

function expectAsTold(arm: ArmResult, { findings }: Result): void {
  const own = findings.filter((finding) => finding.arm === arm.name);
  const told = JSON.stringify(own, null, 1);
  expect(arm.restarts, told).toHaveLength(RESTARTS);
  expect(arm.restarts.every(({ proven, completed }) => proven && completed), told).toBe(true);
  if (arm.expect === 'fail') {
    expect(arm.verdict, told).toBe('fail');
    expect(arm.confidence.dirty, told).toBe(RESTARTS);
  } else {
    expect({ lost: arm.requests.lost, raced: arm.requests.raced, failed: arm.requests.failed, rejected: arm.requests.rejected }, told).toEqual({ lost: 0, raced: 0, failed: 0, rejected: 0 });
    expect(own.filter(({ severity, code }) => severity !== 'note' && !EXCUSES.includes(code)), told).toEqual([]);
  }
}

describe('the example scenarios', () => {
  it.each(names)('%s', async (name) => {
    const result = await resultOf(join(SCENARIOS, `${name}.yaml`));
    for (const arm of result.arms) expectAsTold(arm, result);
  });

  it('demo, whose three arms stand apart', async () => {
    const result = await resultOf(join(SCENARIOS, 'demo.yaml'));
    expect(result.arms.map(({ name }) => name)).toEqual(['stop-start', 'socket-handoff', 'cluster-reload']);
    for (const arm of result.arms) expectAsTold(arm, result);
    expect(result.arms[0]?.requests.refused).toBeGreaterThan(0);
  });

  it('attach, with the address and the command of a service that runs', async () => {
    const { port, child } = await startTarget('cluster.mjs', { WORKERS: '2' });
    const source = parse(readFileSync(join(SCENARIOS, 'attach.yaml'), 'utf8')) as { target: object; restart: object };
    const file = box.file('attach.yaml', stringify({ ...source, target: { ...source.target, url: `http://127.0.0.1:${port}` }, restart: { ...source.restart, command: `kill -HUP ${child.pid}` }, thresholds: {} }));
    const result = await resultOf(file);
    for (const arm of result.arms) expectAsTold(arm, result);
    expect(child.exitCode).toBeNull();
  });

  it.runIf(needs('go'))('go/handoff', async () => {
    // Built in a copy, so that no binary is left in the source tree.
    mkdirSync(join(box.folder, 'targets'));
    cpSync(join(SCENARIOS, 'targets/go'), join(box.folder, 'targets/go'), { recursive: true });
    const result = await resultOf(box.file('go-handoff.yaml', readFileSync(join(SCENARIOS, 'go/handoff.yaml'), 'utf8').replace('../targets', 'targets')));
    for (const arm of result.arms) expectAsTold(arm, result);
  });

  it.runIf(needs('python3'))('python/handoff', async () => {
    const result = await resultOf(join(SCENARIOS, 'python/handoff.yaml'));
    for (const arm of result.arms) expectAsTold(arm, result);
  });
});
