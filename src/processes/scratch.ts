/**
 * The scratch folder of a run, ${SCRATCH} in a scenario: pid files, logs, sockets and versioned folders of the target
 * lie in it.
 *
 * Rule: made anew for every run, with a folder of its own for each arm, and gone when the run ends, however it ends.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotWrite } from '../errors.ts';
import type { Warden } from './warden.ts';

export interface Scratch {
  /** The folder of the arm with this number, the same whenever it is asked for. */
  ofArm(number: number): string;
  /** Removes it all; to be called when no process of the run is left. */
  remove(): void;
}

/** A server that drops its privileges must still reach its files; nobody else may look around. */
const MODE = 0o711;

/** Makes a scratch folder, which the warden removes when its owner cannot. Throws ZerodropError `cannot-write`. */
export function openScratch(warden: Warden): Scratch {
  const folder = made(() => mkdtempSync(join(tmpdir(), 'zerodrop-')));
  warden.guardFolder(folder);
  chmodSync(folder, MODE);
  return {
    ofArm(number) {
      const own = join(folder, String(number));
      made(() => mkdirSync(own, { recursive: true }));
      chmodSync(own, MODE);
      return own;
    },
    remove: () => {
      removeFolder(folder);
    },
  };
}

function made<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw cannotWrite(tmpdir(), error);
  }
}

/**
 * Removes a scratch folder. What belongs to another user stays: it is for the system, which sweeps the temporary
 * folder, to remove.
 */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
