/**
 * All strategies.
 *
 * Rule: a strategy is added in a file of its own and to this list, nowhere else.
 */
import { Restart } from '../restart.ts';
import { isStarting, type Step } from '../step.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { command } from './command.ts';
import { execInPlace } from './exec-in-place.ts';
import { kubernetes } from './kubernetes.ts';
import { killStart } from './kill-start.ts';
import { recycle } from './recycle.ts';
import { reloadWorkers } from './reload-workers.ts';
import { reusePort } from './reuse-port.ts';
import { rolling } from './rolling.ts';
import { signalHandoff } from './signal-handoff.ts';
import { socketActivation } from './socket-activation.ts';
import { stopStart } from './stop-start.ts';
import type { Strategy } from './strategy.ts';
import { supervisor } from './supervisor.ts';
import { systemd } from './systemd.ts';
import { takeover } from './takeover.ts';

export const strategies: readonly Strategy[] = [
  stopStart,
  killStart,
  signalHandoff,
  execInPlace,
  reloadWorkers,
  recycle,
  socketActivation,
  reusePort,
  takeover,
  command,
  systemd,
  supervisor,
  rolling,
  blueGreen,
  canary,
  kubernetes,
];

/** The strategy of this name, if there is one. */
export function strategyNamed(name: string): Strategy | undefined {
  return strategies.find((strategy) => strategy.name === name);
}

/** The names of all strategies, or of those that suit. */
export function strategyNames(suits: (strategy: Strategy) => boolean = () => true): string[] {
  return strategies.filter(suits).map(({ name }) => name);
}

/** The steps of a strategy with default options and an example for what it needs. */
export function exampleSteps({ name, needs, steps }: Strategy): Step[] {
  return steps(Restart.parse({ strategy: name, ...(needs === undefined ? {} : { [needs.field]: needs.example }) }));
}

/** Whether a strategy starts or ends instances, and so needs target.command. */
export function startsInstances(strategy: Strategy): boolean {
  return exampleSteps(strategy).some(isStarting);
}

/** Whether a strategy suits a target that zerodrop did not start: it asks the target to restart itself. */
export function suitsAttached(strategy: Strategy): boolean {
  return strategy.fleet === undefined && strategy.workload === undefined && !startsInstances(strategy);
}
