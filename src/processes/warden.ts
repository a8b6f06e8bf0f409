/**
 * The warden: a small process that outlives its owner for a moment, ends whatever the owner started, and removes its
 * scratch folder.
 *
 * Rule: it learns what is ours over a pipe before there is anything to end. When the pipe ends without a farewell (the
 * owner was killed, or crashed), every process of ours is killed. It leads a session of its own, so Ctrl-C in a
 * terminal does not reach it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { entryPath } from '../model/entry.ts';
import { ownToken } from './child.ts';
import type { Claim } from './ours.ts';
import type { ProcessId } from './signal.ts';

/** Longer than all that it does at the end. */
const LEAVES_WITHIN_MS = 10_000;

/** Owner to warden, one JSON object a line. */
export type ToWarden =
  | { kind: 'guard'; of: string; claim: Claim }
  | { kind: 'guard-folder'; folder: string }
  | { kind: 'frozen'; processes: readonly ProcessId[] }
  | { kind: 'farewell' };

export interface Warden {
  readonly pid: number;
  /** Tells what is ours of the target or of a service from now on, in place of what was told of it before. */
  guard(claim: Claim, of?: string): void;
  /** Tells of a folder that is to be removed, too. */
  guardFolder(folder: string): void;
  /**
   * Tells which processes are about to be stopped, in place of those told before; none when they run again. They are
   * let go on when the owner ends, whoever they belong to.
   */
  frozen(processes: readonly ProcessId[]): void;
  /** Says farewell: nothing of ours is left. Resolves when the warden has ended. */
  close(): Promise<void>;
  /**
   * Leaves without a farewell, after something went wrong: the warden ends what is left. Resolves when it has ended.
   */
  sweep(): Promise<void>;
}

/** Starts a warden that guards all processes with this token. */
export async function startWarden(token: string): Promise<Warden> {
  const entry = entryPath('processes/warden-main');
  if (!existsSync(entry)) throw new Error(`${entry} is missing: zerodrop has not been built`);
  const child = spawn(process.execPath, [entry], { detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const pipe = child.stdin;
  // A warden that was killed leaves a broken pipe; the run can do without it.
  pipe.on('error', () => undefined);
  const tell = (message: ToWarden): void => void pipe.write(`${JSON.stringify(message)}\n`);
  const guard = (claim: Claim, of = ''): void => {
    tell({ kind: 'guard', of, claim });
  };
  guard({ token, groups: [], sinceTicks: 0 });
  guard({ token: ownToken(token), groups: [], sinceTicks: 0 }, 'zerodrop');
  child.unref();
  (pipe as unknown as { unref(): void }).unref();
  const leave = async (): Promise<void> => {
    child.ref();
    pipe.end();
    if (child.exitCode !== null || child.signalCode !== null) return;
    // One that was stopped neither hears nor ends.
    const limit = setTimeout(() => child.kill('SIGKILL'), LEAVES_WITHIN_MS);
    await ended;
    clearTimeout(limit);
  };
  return {
    pid: child.pid as number,
    guard,
    guardFolder: (folder) => {
      tell({ kind: 'guard-folder', folder });
    },
    frozen: (processes) => {
      tell({ kind: 'frozen', processes });
    },
    close() {
      tell({ kind: 'farewell' });
      return leave();
    },
    sweep: leave,
  };
}
