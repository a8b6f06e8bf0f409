/**
 * What the log tells of a fleet: how many instances were ready, and which restarts were rolled back.
 *
 * Rule: counted from the states of the instances, one by one, and never taken from who decided to end them.
 */
import { rollingLimitsOf } from '../../model/rolling.ts';
import { stepOf } from '../../model/step.ts';
import { strategyNamed } from '../../model/strategies/registry.ts';
import type { PlannedArm } from '../fold/planned.ts';
import type { SessionRecording } from '../fold/recording.ts';
import type { Window } from './windows.ts';

/** The fewest instances that were ready at once between two moments (ms since the run's start). */
export function fewestReadyIn(
  { instances }: Pick<SessionRecording, 'instances'>,
  fromMs: number,
  toMs: number,
): number {
  const ready = new Set<number>();
  let fewest = Infinity;
  for (const { instance, state, atMs } of instances.toSorted((one, other) => one.atMs - other.atMs)) {
    if (atMs > toMs) break;
    if (atMs > fromMs) fewest = Math.min(fewest, ready.size);
    if (state === 'ready') ready.add(instance);
    else ready.delete(instance);
  }
  return Math.min(fewest, ready.size);
}

/** How many instances the scenario promises to keep ready; undefined when it promises nothing. */
export function leastReadyOf({ fleet, restart }: Pick<PlannedArm, 'fleet' | 'restart'>): number | undefined {
  if (fleet === undefined) return undefined;
  const { strategy } = restart;
  if (typeof strategy === 'string') return strategyNamed(strategy)?.fleet?.leastReady(restart, fleet.replicas);
  const rollout = strategy.map(stepOf).find((step) => step.kind === 'rollout');
  return rollout === undefined
    ? undefined
    : fleet.replicas - rollingLimitsOf(rollout.rolling, fleet.replicas).unavailable;
}

/** Whether the restart of this window was rolled back. */
export function isRolledBack({ facts }: Pick<SessionRecording, 'facts'>, { restart }: Window): boolean {
  return facts.some((fact) => fact.code === 'rolled-back' && fact.restart === restart.restart);
}
