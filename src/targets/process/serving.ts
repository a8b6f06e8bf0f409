/**
 * Who serves: the processes behind the port, and the identities that probes meet.
 *
 * Rule: who is old is found in one place, when a restart begins.
 */
import type { Serving } from '../../model/control.ts';
import { below, generationOf } from '../../processes/proc.ts';
import { idsOf, mainOf, probeOnce, servingOf, witnessed, type State } from './state.ts';
import type { Old } from './under-way.ts';
import { workersIn } from './worker.ts';
import { until } from '../../processes/wait.ts';

/**
 * Identities are asked for until so many probes in a row met no new one, and never more often than the second number.
 */
const NOTHING_NEW_IN_A_ROW = 8;
const MOST_PROBES = 50;
/** A main process whose children lead sessions of their own is a supervisor when it is still there after so long. */
const LAUNCHER_ENDS_WITHIN_MS = 500;
/** Workers that replace themselves may all have left at the same moment; the next ones listen within this. */
const BETWEEN_WORKERS_MS = 2000;

/** Finds who is old: whoever serves now. */
export async function findOld(state: State): Promise<{ old: Old; serving: Serving }> {
  await until(() => !hasLauncher(state), LAUNCHER_ENDS_WITHIN_MS, state.closing);
  await until(() => !isBetweenWorkers(state), BETWEEN_WORKERS_MS, state.closing);
  const look = state.ours.look(true);
  const main = mainOf(state, look);
  state.main = main === undefined ? undefined : generationOf(main);
  const old = {
    main: state.main,
    owners: look.owners.map(generationOf),
    workers: main === undefined ? [] : workersIn(below(look.processes, new Set([main.pid])), look.owners),
    all: look.processes.map(generationOf),
    identities: await identitiesMet(state),
    witnessed: await witnessed(state, look.owners),
  };
  const identities = [...old.identities, ...listed(old.witnessed)];
  return { old, serving: { instances: idsOf(state, servingOf(look)), identities } };
}

/**
 * Whether a command that makes a daemon of itself has yet to end: those who listen are below it, and have left its
 * session.
 */
function hasLauncher(state: State): boolean {
  const look = state.ours.look(true);
  const main = mainOf(state, look);
  return main !== undefined && look.owners.length > 0 && look.owners.every(({ session }) => session !== main.session);
}

/** Whether processes of the target are seen, and none of them holds the port right now. */
function isBetweenWorkers(state: State): boolean {
  const { processes, owners } = state.ours.look(true);
  return processes.length > 0 && owners.length === 0;
}

/** Who serves now. */
export async function servingNow(state: State): Promise<Serving> {
  const look = state.ours.look(true);
  return {
    instances: idsOf(state, servingOf(look)),
    identities: [...(await identitiesMet(state)), ...listed(await witnessed(state, look.owners))],
  };
}

const listed = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

async function identitiesMet(state: State): Promise<string[]> {
  if (state.setting.target.identity?.header === undefined) return [];
  const met = new Set<string>();
  let nothingNew = 0;
  for (let asked = 0; asked < MOST_PROBES && nothingNew < NOTHING_NEW_IN_A_ROW && !state.closing.aborted; asked += 1) {
    const { identity, healthy } = await probeOnce(state);
    nothingNew = identity === undefined || met.has(identity) ? nothingNew + 1 : 0;
    if (identity !== undefined) met.add(identity);
    if (!healthy) break;
  }
  return [...met];
}
