/**
 * The warden: a small process that outlives its owner for a moment, ends whatever the owner started, and removes its
 * scratch folder.
 *
 * Rule: it learns what is ours over its channel before there is anything to end. When that ends without a farewell (the
 * owner was killed, or crashed), every process of ours is killed. It leads a session of its own, so Ctrl-C in a
 * terminal does not reach it.
 */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { entryPath } from '../model/entry.ts';
import { ownToken, startChild } from './child.ts';
import type { Claim } from './ours.ts';
import type { ProcessId } from './signal.ts';
import type { ToWarden } from './warden-messages.ts';

/** Longer than all that it does at the end. */
const LEAVES_WITHIN_MS = 10_000;

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

/** Starts a warden that guards all processes with this token. Rejects when there is none to be had. */
export async function startWarden(token: string): Promise<Warden> {
  const module = 'processes/warden-main';
  if (!existsSync(entryPath(module))) throw new Error(`${entryPath(module)} is missing: zerodrop has not been built`);
  const child = startChild({ module, token, says: z.never(), folder: '/' });
  if (child.pid < 0) throw new Error(await child.ended);
  const tell = (message: ToWarden): void => child.send(message);
  const guard = (claim: Claim, of = ''): void => {
    tell({ kind: 'guard', of, claim });
  };
  guard({ token, groups: [], sinceTicks: 0 });
  guard({ token: ownToken(token), groups: [], sinceTicks: 0 }, 'zerodrop');
  // The run can do without one that was killed, and need not wait for one that has nothing to do.
  child.unref();
  // One that was stopped neither hears nor ends.
  const leave = (): Promise<void> => child.end(LEAVES_WITHIN_MS);
  return {
    pid: child.pid,
    guard,
    guardFolder: (folder) => {
      tell({ kind: 'guard-folder', folder });
    },
    frozen: (processes) => {
      tell({ kind: 'frozen', processes: [...processes] });
    },
    close() {
      tell({ kind: 'farewell' });
      return leave();
    },
    sweep: leave,
  };
}
