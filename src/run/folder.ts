/**
 * The folder of one run, under `reports/<scenario>/<run id>/`.
 *
 * Rule: it is made and written to before anything is started, so that a run never ends without a place for its report.
 * It is its user's alone: what a target writes may be confidential beyond what is known as a secret.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { cannotWrite, ZerodropError } from '../errors.ts';
import { withFolders } from '../model/folders.ts';
import type { Scenario } from '../model/scenario.ts';

export const LOG_FILE = 'events.ndjson.gz';
export const SCENARIO_FILE = 'scenario.json';

/** Runs `write`; what the file system refuses becomes a ZerodropError `cannot-write`. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own way never returns where the system says that a folder
 * is missing in one that is there, as among the kernel's own files.
 */
export function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  if (!makeNew(folder) && !statSync(folder).isDirectory()) {
    throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR' });
  }
}

/** Makes the folder of a new run. Returns its path. Throws ZerodropError `cannot-write`. */
export function openRunFolder(outDir: string, scenarioName: string, startedAt: Date): string {
  const parent = join(outDir, scenarioName);
  writing(parent, () => makeFolders(parent));
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  for (let attempt = 0; ; attempt += 1) {
    const folder = join(parent, attempt === 0 ? stamp : `${stamp}-${attempt}`);
    if (writing(folder, () => makeNew(folder, 0o700))) return folder;
  }
}

/** Saves the scenario in the folder of its run. Throws ZerodropError `cannot-write`; the folder is gone then. */
export function saveScenario(folder: string, source: Record<string, unknown>): void {
  try {
    writing(folder, () =>
      writeFileSync(join(folder, SCENARIO_FILE), `${JSON.stringify(source, null, 2)}\n`, { mode: 0o600 }),
    );
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The scenario as it is saved in `folder`: its working folders are named from there, so that it runs from there and
 * tells no absolute path.
 */
export function savedIn(folder: string, scenario: Scenario): Scenario {
  return { ...scenario, arms: scenario.arms.map((arm) => withFolders(arm, (named) => relative(folder, named) || '.')) };
}

function makeNew(folder: string, mode = 0o777): boolean {
  try {
    mkdirSync(folder, { mode });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether this names a saved run: its folder, or a file beside its log. */
export function isSavedRun(named: string): boolean {
  const stats = statSync(named, { throwIfNoEntry: false });
  const folder = stats?.isDirectory() === true ? named : dirname(named);
  return (
    stats !== undefined &&
    (stats.isDirectory() || statSync(join(folder, LOG_FILE), { throwIfNoEntry: false }) !== undefined)
  );
}

/** The folder of a saved run, given as a folder or as one of its files. Throws ZerodropError `run-not-found`. */
export function savedRunFolder(named: string): string {
  const hint = 'Name the folder of a run, such as reports/<scenario>/<run id>.';
  const stats = statSync(named, { throwIfNoEntry: false });
  if (stats === undefined) throw new ZerodropError('run-not-found', `there is no run at ${named}`, hint);
  const folder = stats.isDirectory() ? named : dirname(named);
  if (statSync(join(folder, LOG_FILE), { throwIfNoEntry: false }) === undefined) {
    throw new ZerodropError(
      'run-not-found',
      `${stats.isDirectory() ? named : basename(named)} has no ${LOG_FILE} beside it`,
      hint,
    );
  }
  return folder;
}
