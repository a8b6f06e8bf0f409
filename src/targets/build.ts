/**
 * Builds the target, once before a run.
 *
 * Rule: a build that fails is the user's to correct; its last output is shown. What it leaves in the background is
 * ended
 * with the run: what a target needs beside it is a service.
 */
import { resolve } from 'node:path';
import { ZerodropError } from '../errors.ts';
import type { Target } from '../model/scenario.ts';
import { commandText, type Variables } from '../processes/command.ts';
import { exitText } from '../processes/exit.ts';
import type { Group } from '../processes/group.ts';
import { killAll } from '../processes/kill.ts';
import { TOKEN_VARIABLE, trackOurs, type Claim } from '../processes/ours.ts';
import { runCommand } from '../processes/run-command.ts';
import type { Warden } from '../processes/warden.ts';
import { buildEnvironment } from './process/setting.ts';

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** How the processes of a build are known. */
interface BuildMark {
  token?: string;
  started?: (group: Group) => void;
}

export interface Builds {
  /** As {@link buildTarget}. */
  build(target: Target, given: Variables): Promise<void>;
  /** Ends what the builds left running. */
  close(): Promise<void>;
}

const KILL_WITHIN_MS = 5000;

/** The builds of a run; the warden knows of each before it can have left anything. */
export function openBuilds(runToken: string, warden: Warden, aborted: AbortSignal): Builds {
  const token = `${runToken}.build`;
  const groups: Group[] = [];
  const claim = (): Claim => ({ token, groups, sinceTicks: 0 });
  const guard = (): void => {
    warden.guard(claim(), 'build');
  };
  guard();
  const started = (group: Group): void => {
    groups.push(group);
    guard();
  };
  return {
    build: (target, given) => buildTarget(target, given, aborted, { token, started }),
    async close() {
      await killAll(trackOurs(claim), KILL_WITHIN_MS);
    },
  };
}

/**
 * Runs `target.build`, if there is one, with the variables of the run beside its own. Rejects with ZerodropError
 * `build-failed` or `command-not-found`. Ends early when aborted.
 */
export async function buildTarget(
  target: Target,
  given: Variables,
  aborted?: AbortSignal,
  { token, started }: BuildMark = {},
): Promise<void> {
  if (target.build === undefined || isAborted(aborted)) return;
  const { exit, lines } = await runCommand({
    command: target.build,
    folder: resolve(target.working_dir),
    environment: { ...buildEnvironment(target, given), ...(token === undefined ? {} : { [TOKEN_VARIABLE]: token }) },
    aborted,
    ...(started === undefined ? {} : { started }),
  });
  if ((exit.by === 'code' && exit.code === 0) || isAborted(aborted)) return;
  throw new ZerodropError(
    'build-failed',
    `target.build (${commandText(target.build)}) ended ${exitText(exit)}.`,
    'Run it by hand in target.working_dir and correct it.',
    lines,
  );
}
