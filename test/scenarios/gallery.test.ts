/**
 * A part of the gallery that stands for the whole, with fewer restarts: each scenario must show what it says that it
 * shows. All of it: `npm run gallery`.
 *
 * Rule: a machine that is too busy for a verdict may make one inconclusive; it never excuses more lost requests than
 * the scenario tolerates, or hides one.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArmResult, Result } from '../../src/model/result.ts';
import { attemptOf } from '../gallery/attempt.ts';
import { entriesIn, type Entry } from '../gallery/entries.ts';
import { shownOf } from '../gallery/row.ts';
import { needs } from '../needs.ts';

const RESTARTS = 2;
/** What a busy machine may do to a verdict. */
const EXCUSES = ['harness-late', 'too-few-restarts', 'noise-without-restart', 'spike-limit-below-noise'];
/** Strategies with Node, which is here, then one scenario for each other toolchain, with the program that it needs. */
const WITH_NODE = [
  'attach',
  'node/stop-start',
  'node/hasty-drain',
  'node/hasty-drain-cured',
  'node/signal-handoff',
  'node/reload-workers',
  'node/socket-activation-start-first',
  'node/session-in-memory',
  'node/inline-steps',
  'fleet/rolling',
  'fleet/rolling-no-pre-stop',
  'fleet/blue-green-undrained',
  'fleet/canary',
];
const WITH: readonly [string, string][] = [
  ['go/handoff', 'go'],
  ['python/handoff', 'python3'],
  ['gunicorn/sync-reload', 'gunicorn'],
  ['nginx/reload', 'nginx'],
  ['haproxy/reload', 'haproxy'],
  ['fleet/rolling-haproxy-no-pre-stop', 'haproxy'],
  ['fleet/grace-too-short-nginx', 'nginx'],
];

let entries: Entry[];
let outDir: string;
beforeAll(async () => {
  entries = await entriesIn('scenarios');
  outDir = mkdtempSync(join(tmpdir(), 'zerodrop-gallery-'));
});
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

async function expectAsTold(name: string): Promise<void> {
  const entry = entries.find((one) => one.name === name) as Entry;
  const { result, output, leftovers } = await attemptOf(entry, {
    outDir,
    budgetMs: 55_000,
    words: ['--restarts', String(RESTARTS)],
  });
  expect(leftovers).toEqual([]);
  if (result === undefined) throw new Error(`${name} left no result: ${output}`);
  for (const arm of result.arms) expectArmAsTold(arm, result);
}

function expectArmAsTold(arm: ArmResult, { findings }: Result): void {
  const own = findings.filter((finding) => finding.arm === arm.name);
  const told = JSON.stringify(own, null, 1);
  expect(arm.restarts, told).toHaveLength(RESTARTS);
  expect(
    arm.restarts.every(({ proven, completed }) => proven && completed),
    told,
  ).toBe(true);
  if (arm.expect === 'fail') {
    expect(arm.surprises, told).toEqual([]);
    expect(arm.confidence.dirty, told).toBe(RESTARTS);
  } else {
    expect({ raced: arm.requests.raced, failed: arm.requests.failed, rejected: arm.requests.rejected }, told).toEqual({
      raced: 0,
      failed: 0,
      rejected: 0,
    });
    expect(
      own.filter(({ severity, code }) => severity !== 'note' && !EXCUSES.includes(code)),
      told,
    ).toEqual([]);
  }
}

it('a target that says that it cannot be run here is skipped with its reason', async () => {
  const folder = join(outDir, 'scenarios');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'x.yaml'),
    'name: x\ntarget: {command: {shell: "echo needs a privilege >&2; exit 77"}}\nrestart: {strategy: stop-start, ' +
      'count: 1}\n',
  );
  const [entry] = await entriesIn(folder);
  const shown = shownOf(await attemptOf(entry as Entry, { outDir, budgetMs: 30_000 }));
  expect(shown).toMatchObject({ state: 'skipped', reasons: ['it needs a privilege'] });
});

describe('a scenario of the gallery', () => {
  it.each(WITH_NODE)('%s', expectAsTold);
  for (const [name, program] of WITH) it.runIf(needs(program))(name, () => expectAsTold(name));
});
