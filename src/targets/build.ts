/**
 * Builds the target, once before a run.
 *
 * Rule: a build that fails is the user's to correct; its last output is shown.
 */
import { resolve } from 'node:path';
import { ZerodropError } from '../errors.ts';
import type { Target } from '../model/scenario.ts';
import { commandText, type Variables } from '../processes/command.ts';
import { exitText } from './process/instance.ts';
import { runCommand } from '../processes/run-command.ts';
import { buildEnvironment } from './process/setting.ts';

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/**
 * Runs `target.build`, if there is one, with the variables of the run beside its own. Rejects with ZerodropError
 * `build-failed` or `command-not-found`. Ends early when aborted.
 */
export async function buildTarget(target: Target, given: Variables, aborted?: AbortSignal): Promise<void> {
  if (target.build === undefined || isAborted(aborted)) return;
  const { exit, lines } = await runCommand({
    command: target.build,
    folder: resolve(target.working_dir),
    environment: buildEnvironment(target, given),
    aborted,
  });
  if ((exit.by === 'code' && exit.code === 0) || isAborted(aborted)) return;
  throw new ZerodropError(
    'build-failed',
    `target.build (${commandText(target.build)}) ended ${exitText(exit)}.`,
    'Run it by hand in target.working_dir and correct it.',
    lines,
  );
}
