/**
 * All strategies, and the steps that a scenario's `restart` means.
 *
 * Rule: a strategy is added here and in a file of its own, nowhere else.
 */
import { ZerodropError } from '../errors.ts';
import { nearestOf } from '../model/nearest.ts';
import { Restart } from '../model/restart.ts';
import type { Arm } from '../model/scenario.ts';
import { isStarting, stepOf, type Command, type Step } from '../model/step.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { command } from './command.ts';
import { execInPlace } from './exec-in-place.ts';
import { killStart } from './kill-start.ts';
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
  socketActivation,
  reusePort,
  takeover,
  command,
  systemd,
  supervisor,
  rolling,
  blueGreen,
  canary,
];

/** What strategies need to be told, where it does not matter what. */
export const EXAMPLE = { command: 'your-restart-command', unit: 'your.service', program: 'your-program' };

export const strategyNames: readonly string[] = strategies.map(({ name }) => name);

/** The strategies that start or end instances, and so need target.command. */
export const startingNames: readonly string[] = strategies
  .filter(({ name, steps }) => steps(Restart.parse({ ...EXAMPLE, strategy: name })).some(isStarting))
  .map(({ name }) => name);

/** What a restart does, step by step. */
export interface ResolvedStrategy {
  /** `inline` for steps written in the scenario. */
  name: string;
  steps: Step[];
  /** Whether instances are given the listening socket, from the first one on. */
  inheritsSocket: boolean;
  /** A command whose output changes with every restart, where the strategy knows one. */
  witness?: Command;
}

/** The steps of a restart. Throws ZerodropError `unknown-strategy` or `bad-scenario`. */
export function strategyOf(restart: Restart, adversity: Partial<Arm['adversity']> = {}): ResolvedStrategy {
  const strategy = typeof restart.strategy === 'string' ? named(restart.strategy) : undefined;
  const plain =
    typeof restart.strategy === 'string' ? named(restart.strategy).steps(restart) : restart.strategy.map(stepOf);
  const witness = strategy?.witness?.(restart);
  const steps = adversity.freeze === undefined ? plain : withFreeze(plain, adversity.freeze);
  return {
    name: strategy?.name ?? 'inline',
    steps,
    inheritsSocket: steps
      .flatMap((step) => (step.kind === 'rollback' ? step.steps : [step]))
      .some((step) => step.kind === 'start' && step.socket === 'inherited'),
    ...(witness === undefined ? {} : { witness }),
  };
}

function named(name: string): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found !== undefined) return found;
  const near = nearestOf(name, strategyNames);
  throw new ZerodropError(
    'unknown-strategy',
    `There is no strategy "${name}".`,
    `${near === undefined ? 'There are' : `Did you mean "${near}"? All of them:`} ${strategyNames.join(', ')}.`,
  );
}

/**
 * Freezes the old instance right before it is first signalled, stopped, or restarted by a command; or before its
 * successor comes, when that one ends it.
 */
function withFreeze(steps: readonly Step[], forMs: number): Step[] {
  const asked = steps.findIndex(({ kind }) => kind === 'signal' || kind === 'stop' || kind === 'run');
  const at = asked < 0 && steps[0]?.kind === 'start' ? 0 : asked;
  return at < 0 ? [...steps] : steps.toSpliced(at, 0, { kind: 'freeze', forMs });
}
