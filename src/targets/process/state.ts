/**
 * What is known of a running target, and the questions that the steps of a restart ask about it.
 *
 * Rule: who is old is fixed when a restart begins; who is new is whatever serves and is not old.
 */
import type { Chronicle } from '../../model/control.ts';
import type { Exit } from '../../model/event.ts';
import type { InstanceId } from '../../model/instance-id.ts';
import { probe, type Probe, type ProbeOptions } from '../healthcheck.ts';
import type { Started } from './instance.ts';
import type { IdOf } from './instance-ids.ts';
import type { Lanes } from './lanes.ts';
import type { Look, Ours } from '../../processes/ours.ts';
import {
  below,
  generationOf,
  isAlive,
  isSameGeneration,
  type Generation,
  type ProcessStat,
} from '../../processes/proc.ts';
import type { Setting } from './setting.ts';
import type { Witness } from '../witness.ts';
import { afterAct, type Act, type UnderWay } from './under-way.ts';

export interface State {
  readonly setting: Setting;
  readonly witness: Witness | undefined;
  readonly chronicle: Chronicle;
  readonly idOf: IdOf;
  readonly lanes: Lanes;
  readonly ours: Ours;
  /** Aborted when the target is being closed: every wait ends. */
  readonly closing: AbortSignal;
  readonly instances: Started[];
  /** The process that is signalled. */
  main: Generation | undefined;
  /** The restart under way, or the last one. */
  restart: UnderWay;
}

/** Takes an act of a restart; returns the restart as it is now. */
export function act(state: State, taken: Act): UnderWay {
  return (state.restart = afterAct(state.restart, taken));
}

/** The ids of processes, as the log names them. */
export function idsOf({ idOf }: State, processes: readonly ProcessStat[]): InstanceId[] {
  return processes.map((process) => idOf(generationOf(process)));
}

/** Whether zerodrop started it, so that its processes are ours. */
export const isOwn = ({ instances }: State): boolean => instances.length > 0;

/** The healthcheck of this target, once. `connected`: see {@link ProbeOptions}. */
export function probeOnce({ setting }: State, connected?: ProbeOptions['connected']): Promise<Probe> {
  const { healthcheck, identity } = setting.target;
  return probe({
    ...healthcheck,
    origin: setting.origin,
    timeoutMs: healthcheck.timeout,
    identityHeader: identity?.header,
    tls: setting.tls,
    isHttp2: setting.isHttp2,
    connected,
  });
}

/**
 * What the witness says: the user's command wherever it is given, a strategy's own where neither processes nor a header
 * tell one generation from another.
 */
export async function witnessed(
  { witness, setting: { target }, closing }: State,
  owners: readonly unknown[],
): Promise<string | undefined> {
  const isNeeded = owners.length === 0 && target.identity?.header === undefined;
  return isNeeded || target.identity?.command !== undefined ? witness?.(closing) : undefined;
}

/**
 * The process to signal: what the pid file names; otherwise the one we know while it or something below it serves;
 * otherwise the root of those who do.
 */
export function mainOf(state: State, look: Look): ProcessStat | undefined {
  if (look.named !== undefined) return look.named;
  const known =
    state.main === undefined
      ? undefined
      : look.processes.find(({ pid, startTicks }) => pid === state.main?.pid && startTicks === state.main.startTicks);
  const ownerPids = new Set(look.owners.map(({ pid }) => pid));
  if (known !== undefined) {
    const serves =
      ownerPids.has(known.pid) || below(look.processes, new Set([known.pid])).some(({ pid }) => ownerPids.has(pid));
    if (serves || ownerPids.size === 0) return known;
  }
  return rootOf(look.owners, look);
}

/** The oldest of `processes` that has no other of them above it. */
export function rootOf(processes: readonly ProcessStat[], look: Look): ProcessStat | undefined {
  const lower = new Set(below(look.processes, new Set(processes.map(({ pid }) => pid))).map(({ pid }) => pid));
  return processes
    .filter(({ pid }) => !lower.has(pid))
    .sort((one, other) => one.startTicks - other.startTicks || one.pid - other.pid)[0];
}

/**
 * Those who serve: the owners of the socket, and everything below them (workers that are handed connections hold no
 * listener).
 */
export function servingOf(look: Look): ProcessStat[] {
  const owners = new Set(look.owners.map(({ pid }) => pid));
  return [...look.owners, ...below(look.processes, owners).filter(({ pid }) => !owners.has(pid))];
}

const isAmong = (process: ProcessStat, generations: readonly Generation[]): boolean =>
  generations.some((generation) => isSameGeneration(generation, generationOf(process)));

/** Whether a process was there when the restart began. */
export const isOld = (state: State, process: ProcessStat): boolean => isAmong(process, state.restart.old.all);

/** Owners of the socket that are not old. */
export function newOwnersOf(state: State, look: Look): ProcessStat[] {
  return look.owners.filter((process) => !isOld(state, process));
}

/**
 * The main process of a generation that has come beside the old one: the root of what holds the socket and is new.
 * Where the old one has workers it may be that these alone were replaced, so that their main process stays what it was.
 */
export function mainOfNew(state: State, look: Look): ProcessStat | undefined {
  const { successor, old } = state.restart;
  const started = successor?.instance;
  const cameByItself = started === undefined ? old.workers.length === 0 : started.ended !== undefined;
  return (
    (cameByItself && look.named === undefined ? rootOf(newOwnersOf(state, look), look) : undefined) ??
    mainOf(state, look)
  );
}

/** New workers in place of old ones, below a main process that stays and hands connections to them. */
export function newWorkersOf(state: State, look: Look): ProcessStat[] {
  const { main, workers } = state.restart.old;
  if (main === undefined || workers.length === 0 || workers.every(isAlive)) return [];
  return below(look.processes, new Set([main.pid])).filter((process) => !isOld(state, process));
}

/** Whether any of the old processes still holds the listening socket. */
export function oldListens(state: State, look: Look): boolean {
  return look.owners.some((process) => isAmong(process, state.restart.old.owners));
}

/**
 * Whom a stop or kill means: the old instance, or everything there is when the old one has gone and nothing good has
 * come in its place.
 */
export function meantOf({ restart: { old, successor, served, failed } }: State): 'old' | 'everything' {
  if (old.main !== undefined && isAlive(old.main)) return 'old';
  return failed || (successor === undefined && !served) ? 'everything' : 'old';
}

/**
 * The processes of whom is meant: of the old instance, all that is not part of what has been started or has taken over
 * since.
 */
export function doomedOf(state: State, meant: 'old' | 'everything', look: Look): ProcessStat[] {
  const { old, successor, served } = state.restart;
  if (meant === 'everything') return look.processes;
  if (successor !== undefined) {
    const earlier = state.instances.filter((one) => one !== successor).map(({ instance }) => instance.pid);
    const { pid, generation } = successor.instance;
    return look.processes.filter(
      (process) =>
        process.group !== pid && (earlier.includes(process.group) || process.startTicks <= generation.startTicks),
    );
  }
  return served ? look.processes.filter((process) => isAmong(process, old.all)) : look.processes;
}

/**
 * Processes of ours that have no part in serving: neither the owners of the socket, nor what is above or below them or
 * the main process.
 */
export function leftoversOf(state: State, look: Look): ProcessStat[] {
  const main = mainOf(state, look);
  const roots = [...look.owners, ...(main === undefined ? [] : [main])];
  const needed = new Set(
    [...roots, ...below(look.processes, new Set(roots.map(({ pid }) => pid)))].map(({ pid }) => pid),
  );
  const byPid = new Map(look.processes.map((process) => [process.pid, process]));
  for (const root of look.owners) {
    for (
      let above = byPid.get(root.parent);
      above !== undefined && !needed.has(above.pid);
      above = byPid.get(above.parent)
    ) {
      needed.add(above.pid);
    }
  }
  return look.processes.filter(({ pid }) => !needed.has(pid));
}

/** How the process of this generation ended, when we spawned it and it has. */
export function exitOf(state: State, generation: Generation | undefined): { exit?: Exit; output?: string[] } {
  const started = state.instances.find(
    ({ instance }) => instance.pid === generation?.pid && instance.generation.startTicks === generation.startTicks,
  );
  const exit = started?.instance.ended;
  return started === undefined || exit === undefined ? {} : { exit, output: started.instance.output() };
}
