/**
 * Runs a command to its end: a build, or a step of a restart.
 *
 * Rule: it leads a process group of its own and is not waited for longer than its limit. What it leaves in the
 * background is not waited for at all.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../errors.ts';
import type { Exit } from '../model/event.ts';
import type { Command } from '../model/step.ts';
import { checkProgram, programOf } from './command.ts';
import { groupLedBy, noteLeaderEnded, type Group } from './group.ts';
import { openOutlet } from './outlet.ts';
import { keepLastLines } from './output.ts';
import { signalGroup } from './signal.ts';

export interface CommandOptions {
  command: Command;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** No limit when absent. */
  limitMs?: number;
  aborted?: AbortSignal | undefined;
  /** Told the process group as soon as there is one. */
  started?: (group: Group) => void;
}

/** What a command wrote last is read within this after its end. */
const LAST_WORDS_WITHIN_MS = 250;

/** How a command ended; `forced` when it had to be killed at its limit. `lines` are the last that it wrote. */
export interface CommandResult {
  exit: Exit;
  lines: string[];
}

/** Rejects with ZerodropError `command-not-found`. */
export async function runCommand({
  command,
  folder,
  environment,
  limitMs,
  aborted,
  started,
}: CommandOptions): Promise<CommandResult> {
  const { file, args } = programOf(command, environment);
  checkProgram(file, folder, environment['PATH']);
  const outlet = await openOutlet();
  const output = outlet?.fd ?? 'pipe';
  const child = spawn(file, args, { cwd: folder, env: environment, detached: true, stdio: ['ignore', output, output] });
  outlet?.handedOver();
  const streams = (outlet === undefined ? [child.stdout, child.stderr] : [outlet.stream]) as Readable[];
  const { lines } = keepLastLines(streams);
  const allRead = Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
  const group = groupLedBy(child.pid ?? -1);
  if (child.pid !== undefined) started?.(group);
  let forced = false;
  const end = (): void => {
    forced = true;
    signalGroup(child, 'SIGKILL');
  };
  const timer = limitMs === undefined ? undefined : setTimeout(end, limitMs);
  aborted?.addEventListener('abort', end, { once: true });
  if (aborted?.aborted === true) end();
  try {
    const exit = await new Promise<Exit>((resolve, reject) => {
      child.once('exit', (code, signal) => {
        noteLeaderEnded(group);
        resolve(signal === null ? { by: 'code', code: code ?? 0, forced } : { by: 'signal', signal, forced });
      });
      child.once('error', (error) => {
        reject(
          new ZerodropError(
            'command-not-found',
            `"${file}" could not be started: ${error.message}.`,
            'Correct the command or target.working_dir.',
          ),
        );
      });
    });
    // What it wrote last may still be in the pipe, which ends with it unless it left something in the background.
    await Promise.race([allRead, delay(LAST_WORDS_WITHIN_MS, undefined, { ref: false })]);
    return { exit, lines: lines() };
  } finally {
    clearTimeout(timer);
    aborted?.removeEventListener('abort', end);
    // A background process may keep writing: nobody must be blocked or kept alive by it.
    for (const stream of streams) {
      stream.resume();
      (stream as unknown as { unref(): void }).unref();
    }
  }
}
