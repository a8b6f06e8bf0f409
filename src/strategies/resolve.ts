/**
 * The steps that a scenario's `restart` means.
 *
 * Rule: what a strategy is stands in its definition (model/strategies); here it is only looked up.
 */
import { ZerodropError } from '../errors.ts';
import { nearestOf } from '../model/nearest.ts';
import type { Restart } from '../model/restart.ts';
import type { Arm } from '../model/scenario.ts';
import { stepOf, type Command, type Step } from '../model/step.ts';
import { strategyNamed, strategyNames } from '../model/strategies/registry.ts';
import type { Strategy } from '../model/strategies/strategy.ts';

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

/** The steps of a restart. Throws ZerodropError `unknown-strategy`. */
export function strategyOf(restart: Restart, adversity: Partial<Arm['adversity']> = {}): ResolvedStrategy {
  const strategy = typeof restart.strategy === 'string' ? strategyFor(restart.strategy) : undefined;
  const plain =
    typeof restart.strategy === 'string' ? strategyFor(restart.strategy).steps(restart) : restart.strategy.map(stepOf);
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

/** The strategy of this name. Throws ZerodropError `unknown-strategy`. */
export function strategyFor(name: string): Strategy {
  const strategy = strategyNamed(name);
  if (strategy !== undefined) return strategy;
  const near = nearestOf(name, strategyNames());
  throw new ZerodropError(
    'unknown-strategy',
    `There is no strategy "${name}".`,
    `${near === undefined ? 'There are' : `Did you mean "${near}"? All of them:`} ${strategyNames().join(', ')}.`,
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
