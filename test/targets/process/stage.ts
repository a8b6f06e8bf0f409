/**
 * What the tests of targets share: a target with a warden and a recorded chronicle, and the search for what was left
 * over.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import type { Chronicle, Serving } from '../../../src/model/control.ts';
import { Target, Traffic } from '../../../src/model/scenario.ts';
import { strategyOf } from '../../../src/strategies/resolve.ts';
import { runRestart } from '../../../src/strategies/runner.ts';
import { Restart } from '../../../src/model/restart.ts';
import { openTarget } from '../../../src/targets/open.ts';
import type { RunningTarget } from '../../../src/targets/target.ts';
import { startWarden } from '../../../src/processes/warden.ts';

export const SERVERS = new URL('servers/', import.meta.url).pathname;

export const pidsOf = ({ instances }: Serving): number[] => instances.map(({ process: pid }) => pid as number);

export interface Told {
  moments: string[];
  /** Such as `0 started`. */
  lanes: string[];
  /** The main process of each lane, as it was told last. */
  pids: (number | undefined)[];
  facts: { code: string; message: string; hint?: string }[];
  steps: { text: string; problem?: string | undefined }[];
}

export function recordedChronicle(): { chronicle: Chronicle; told: Told } {
  const told: Told = { moments: [], lanes: [], pids: [], facts: [], steps: [] };
  const chronicle: Chronicle = {
    nowMs: () => performance.now(),
    instance: ({ instance, state, id }) => {
      told.lanes.push(`${instance} ${state}`);
      told.pids[instance] = id?.process ?? told.pids[instance];
    },
    moment: (moment) => void told.moments.push(moment),
    ending: () => undefined,
    step: (step) => void told.steps.push(step),
    fact: (fact) => void told.facts.push(fact),
  };
  return { chronicle, told };
}

type TargetSource = Parameters<typeof Target.parse>[0];
type RestartSource = Record<string, unknown>;

/** Opens a target that is closed at the end of the test, when nothing of it may be left. */
export async function stagedTarget(source: TargetSource, restartSource: RestartSource = { strategy: 'stop-start' }) {
  const restart = Restart.parse(restartSource);
  const strategy = strategyOf(restart);
  const token = randomBytes(8).toString('hex');
  const warden = await startWarden(token);
  const { chronicle, told } = recordedChronicle();
  let target: RunningTarget;
  try {
    const parsed = Target.parse(source);
    target = await openTarget({
      arm: { target: parsed, restart, traffic: Traffic.parse({}) },
      token,
      inheritsSocket: strategy.inheritsSocket,
      witness: parsed.identity?.command ?? strategy.witness,
      chronicle,
      warden,
      variables: {},
      analyse: () => Promise.reject(new Error('nobody asked')),
    });
  } catch (error) {
    await warden.close();
    throw error;
  }
  onTestFinished(async () => {
    await target.close();
    await warden.close();
    expect(holders(token)).toEqual([]);
  });
  return {
    target,
    told,
    token,
    restart: async () => {
      const before = await target.begin();
      const { ok } = await runRestart(strategy.steps, target, chronicle, { timeoutMs: restart.timeout });
      return { ok, before, after: await target.serving() };
    },
  };
}

/** Pids of the processes that carry this token. */
export function holders(token: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => textOf(`/proc/${pid}/environ`).includes(token))
    .map(Number);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The header that tells which instance answered. */
export async function answering(origin: string): Promise<string | null> {
  const response = await fetch(origin, { headers: { connection: 'close' } });
  await response.text();
  return response.headers.get('x-instance');
}
