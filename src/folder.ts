/**
 * The folder of one run, under `reports/<scenario>/<run id>/`.
 *
 * Rule: it is made and written to before anything is started, so that a run never ends without a place for its report.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cannotWrite, ZerodropError } from './errors.ts';

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

/** Makes the folder of a new run and saves the scenario in it. Returns its path. Throws ZerodropError `cannot-write`. */
export function openRunFolder(outDir: string, scenarioName: string, startedAt: Date, scenario: Record<string, unknown>): string {
  const parent = join(outDir, scenarioName);
  writing(parent, () => mkdirSync(parent, { recursive: true }));
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  for (let attempt = 0; ; attempt += 1) {
    const folder = join(parent, attempt === 0 ? stamp : `${stamp}-${attempt}`);
    const made = writing(folder, () => makeNew(folder));
    if (!made) continue;
    try {
      writing(folder, () => writeFileSync(join(folder, SCENARIO_FILE), `${JSON.stringify(scenario, null, 2)}\n`));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return folder;
  }
}

function makeNew(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The folder of a saved run, named by itself or by one of its files. Throws ZerodropError `run-not-found`. */
export function savedRunFolder(named: string): string {
  const hint = 'Name the folder of a run, such as reports/<scenario>/<run id>.';
  const stats = statSync(named, { throwIfNoEntry: false });
  if (stats === undefined) throw new ZerodropError('run-not-found', `there is no run at ${named}`, hint);
  const folder = stats.isDirectory() ? named : dirname(named);
  if (statSync(join(folder, LOG_FILE), { throwIfNoEntry: false }) === undefined) {
    throw new ZerodropError('run-not-found', `${stats.isDirectory() ? named : basename(named)} has no ${LOG_FILE} beside it`, hint);
  }
  return folder;
}
