/**
 * The programs that a scenario needs on this machine.
 *
 * Rule: they are looked for before anything is started; a scenario that needs what is not here stays valid.
 */
import { ZerodropError } from '../errors.ts';
import type { Arm, Scenario } from '../model/scenario.ts';
import type { Command } from '../model/step.ts';
import { commandText, isInPath } from '../processes/command.ts';

/** The programs among a scenario's `needs` that are not in PATH. */
export function missingPrograms({ needs }: Pick<Scenario, 'needs'>): string[] {
  return needs.filter((name) => !isInPath(name, process.env['PATH']));
}

/** Throws ZerodropError `program-missing` unless all programs that the scenario needs are there. */
export function assertPrograms(scenario: Scenario): void {
  const missing = missingPrograms(scenario);
  if (missing.length === 0) return;
  throw new ZerodropError(
    'program-missing',
    `${scenario.name} needs ${missing.join(' and ')}, which is not on PATH`,
    `Install ${missing.length === 1 ? 'it' : 'them'}, or add the folder that holds ` +
      `${missing.length === 1 ? 'it' : 'them'} to PATH, and run again.`,
    missing.map((program) => `${program}: ${useOf(program, scenario.arms)}`),
  );
}

/** What a program is needed for: the first command that names it. */
function useOf(program: string, arms: readonly Arm[]): string {
  const commands: [string, Command | undefined][] = arms.flatMap(({ target, restart }) => [
    ['target.build', target.build],
    ['target.command', target.command],
    ['restart.command', restart.command],
  ]);
  for (const [field, command] of commands) {
    if (
      command !== undefined &&
      commandText(command)
        .split(/[^\w.+-]+/)
        .includes(program)
    ) {
      return `for ${field} (${commandText(command)})`;
    }
  }
  return 'for its target';
}
