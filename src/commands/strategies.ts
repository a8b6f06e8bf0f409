/**
 * `zerodrop strategies`: what there is, and one of them with its steps.
 *
 * Rule: everything shown comes from the strategies' own data.
 */
import pc from 'picocolors';
import { exampleSteps, strategies } from '../model/strategies/registry.ts';
import { describeStep } from '../strategies/describe.ts';
import { strategyFor } from '../strategies/resolve.ts';

/** Prints the list, or one strategy. Throws ZerodropError `unknown-strategy`. */
export function showStrategies(name: string | undefined): void {
  if (name === undefined) {
    const width = Math.max(...strategies.map((strategy) => strategy.name.length));
    const lines = strategies.map((strategy) => `${pc.bold(strategy.name.padEnd(width))}  ${strategy.summary}`);
    process.stdout.write(
      `${lines.join('\n')}\n\nzerodrop strategies NAME explains one. A scenario may also list its own steps.\n`,
    );
    return;
  }
  const strategy = strategyFor(name);
  const listed = exampleSteps(strategy).map((step, index) => `  ${index + 1}. ${describeStep(step)}`);
  process.stdout.write(
    `${pc.bold(name)}: ${strategy.summary}\n\nUsed by: ${strategy.usedBy}\n\nSteps:\n${listed.join('\n')}\n`,
  );
}
