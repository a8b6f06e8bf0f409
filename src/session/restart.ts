/**
 * One restart of a session, or one sham: the quiet before it, its steps, the quiet after it, and what the target uses
 * then.
 *
 * Rule: sentinels are placed before it begins and released when it has settled, whatever its steps did.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Arm } from '../model/scenario.ts';
import { runRestart } from '../strategies/runner.ts';
import type { RunningTarget } from '../targets/target.ts';
import type { Agent } from '../traffic/agents/agent.ts';
import { chronicleOf } from './chronicle.ts';
import type { Scene } from './scene.ts';
import { shamRestart } from './sham.ts';

/** Restarts the target once; ends early when the session does. */
export async function restartOnce(scene: Scene, restart: number, target: RunningTarget, agent: Agent): Promise<void> {
  const { session, arm, strategy, write, nowMs, signal } = scene;
  const serving = async (when: 'before' | 'after'): Promise<void> => {
    const seen = when === 'before' ? await target.begin() : await target.serving();
    write({ kind: 'serving', session, restart, when, ...seen });
  };
  if (!(await quiet(arm.restart.quiet + jitterMs(scene.seed, arm, restart), signal))) return;
  for (const { placed, message } of await agent.place(restart)) {
    const code = placed ? 'sentinel-doubtful' : 'sentinel-not-armed';
    write({ kind: 'fact', session, restart, atMs: nowMs(), code, message });
  }
  scene.restart = restart;
  await serving('before');
  await runRestart(strategy.steps, target, chronicleOf(scene), { timeoutMs: arm.restart.timeout, signal });
  await serving('after');
  await quiet(arm.restart.quiet, signal);
  await agent.release(restart);
  write({ kind: 'restart', session, restart, moment: 'settled', atMs: nowMs() });
  scene.restart = undefined;
}

/** The sham restarts of a session, which come before its first real one. */
export async function runShams(scene: Scene, target: RunningTarget, agent: Agent): Promise<void> {
  const { session, arm, write, nowMs, signal, tellAgent } = scene;
  const shams = scene.opening ? arm.controls.negative : 0;
  for (let sham = 0; sham < shams && !signal.aborted; sham += 1) {
    await shamRestart({
      session,
      number: scene.total + sham,
      target,
      agent,
      quietMs: arm.restart.quiet,
      write,
      nowMs,
      tellAgent,
      fact: chronicleOf(scene).fact,
      quiet: (ms) => quiet(ms, signal),
    });
  }
}

/** Writes what the target uses now; nothing when its processes cannot be seen. */
export function sample({ session, write, nowMs, signal }: Scene, target: RunningTarget, restart?: number): void {
  const seen = signal.aborted ? undefined : target.sample();
  if (seen === undefined) return;
  write({
    kind: 'sample',
    session,
    ...(restart === undefined ? {} : { restart }),
    atMs: nowMs(),
    ...seen,
    leftovers: target.leftovers(),
    zombies: target.zombies(),
  });
}

/** Waits; false when it was cut short. */
async function quiet(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

/**
 * A moment that the arrivals cannot be in step with, the same for the same seed: from 0 to 100 ms, and at least the
 * time between two arrivals of the slowest stream.
 */
function jitterMs(seed: number, arm: Arm, restart: number): number {
  const slowest = Math.min(...Object.values(arm.traffic.arrivals).map((stream) => stream.rate));
  const digest = createHash('sha256').update(`${seed}/${arm.name}/${restart}`).digest();
  return (digest.readUInt32BE(0) / 2 ** 32) * Math.max(100, Math.min(1000, 1000 / slowest));
}
