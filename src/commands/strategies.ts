/**
 * `zerodrop strategies`: what there is, and one of them with its steps.
 *
 * Rule: everything shown comes from the strategies' own data.
 */
import pc from 'picocolors';
import { Restart } from '../model/restart.ts';
import { describeStep } from '../strategies/describe.ts';
import { EXAMPLE, strategies, strategyOf } from '../strategies/registry.ts';

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
  const { steps } = strategyOf(Restart.parse({ ...EXAMPLE, strategy: name }), {});
  const strategy = strategies.find((one) => one.name === name);
  const listed = steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`);
  process.stdout.write(
    `${pc.bold(name)}: ${strategy?.summary}\n\nWho works so: ${strategy?.worksSo}\n\nSteps:\n${listed.join('\n')}\n`,
  );
}
