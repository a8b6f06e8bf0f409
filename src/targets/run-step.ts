/**
 * A command of the user as a step of a restart.
 *
 * Rule: it must exit with 0 in time; anything else is a StepFailure that shows what it wrote last.
 */
import { StepFailure } from '../model/control.ts';
import { durationText } from '../model/units.ts';
import { commandText } from '../processes/command.ts';
import { exitText, lastLinesText } from '../processes/exit.ts';
import { runCommand, type CommandOptions } from '../processes/run-command.ts';

/** Runs the command to its end. Rejects with StepFailure, or ZerodropError `command-not-found`. */
export async function runStep(options: CommandOptions & { limitMs: number }): Promise<void> {
  const { exit, lines } = await runCommand(options);
  if (exit.by === 'code' && exit.code === 0) return;
  const text = commandText(options.command);
  throw new StepFailure(
    exit.forced
      ? `"${text}" was not done within ${durationText(Math.round(options.limitMs))} and was ` +
          `killed${lastLinesText(lines)}.`
      : `"${text}" ended ${exitText(exit)}${lastLinesText(lines)}.`,
    'Run it by hand in target.working_dir and correct it.',
  );
}
