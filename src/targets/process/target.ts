/**
 * A running target, as a session and the steps of its restarts use it.
 *
 * Rule: what it starts it also ends. A target that it only attached to is asked what a step asks, and never ended at
 * close.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { Chronicle, TargetControl } from '../../model/control.ts';
import type { Exit } from '../../model/event.ts';
import type { Target } from '../../model/scenario.ts';
import type { Command } from '../../model/step.ts';
import { endTarget, type Closing } from './close.ts';
import { programOf, type Variables } from '../../processes/command.ts';
import { controlOf } from './control.ts';
import { openFreezer } from './freeze.ts';
import { openInheritedSocket } from './inherited-socket.ts';
import { exitText, isExpectedExit, startInstance, type Instance } from './instance.ts';
import { openLanes } from '../lanes.ts';
import type { Group } from '../../processes/group.ts';
import { keepOutlet } from '../../processes/outlet.ts';
import { trackOurs, type Claim } from '../../processes/ours.ts';
import {
  assertProc,
  generationOf,
  isAlive,
  processOf,
  sampleOf,
  seesProcesses,
  zombiesOf,
  type ProcessSample,
} from '../../processes/proc.ts';
import { lastLinesText, waitFirstReady } from './ready.ts';
import { settingOf } from './setting.ts';
import { exitOf, leftoversOf, mainOf, NOTHING_OLD, servingOf, type State } from './state.ts';
import type { Warden } from '../../processes/warden.ts';
import { watchRestarts } from './watch.ts';
import { openWitness } from '../witness.ts';

export interface TargetOptions {
  target: Target;
  /** Marks every process of the run. */
  token: string;
  /** Whether instances are given the listening socket. */
  inheritsSocket: boolean;
  /** A command whose output changes with every restart. */
  witness?: Command | undefined;
  chronicle: Chronicle;
  warden: Warden;
  /** The variables of the run, such as SCRATCH. */
  variables?: Variables;
}

/** How the target died outside of a restart, and what to do about it. */
export interface Death {
  message: string;
  hint: string;
  /** When it was not the target's fault. */
  code?: 'front-door-died';
}

export interface RunningTarget extends TargetControl {
  /** Such as http://127.0.0.1:4711 */
  readonly origin: string;
  /**
   * Starts the first instance (or finds the one attached to) and waits until it is healthy; ends early when aborted.
   * Rejects with ZerodropError.
   */
  startFirst(aborted?: AbortSignal): Promise<void>;
  /** Resolves when the target dies outside of a restart, which lasts from `begin` to `serving`. */
  readonly died: Promise<Death>;
  /**
   * In fleets: the name of the instance that the latest connection from a local port of a client was given to;
   * undefined where the front door cannot tell.
   */
  chosenFor?(localPort: number): string | undefined;
  /** What the serving processes use; undefined when they cannot be seen. */
  sample(): ProcessSample | undefined;
  /** Pids of ours that have no part in serving. */
  leftovers(): number[];
  /** Pids of processes of ours that have ended and that their parent has not waited for. */
  zombies(): number[];
  /** Ends every process of the target; a target that was attached to goes on. */
  close(): Promise<Closing>;
}

const DEATH_CHECK_EVERY_MS = 250;

/**
 * Settles address and port of a target. Rejects with ZerodropError `port-taken` or `bad-scenario`. Nothing is started
 * yet.
 */
export async function openTarget({
  target,
  token,
  inheritsSocket,
  witness,
  chronicle,
  warden,
  variables,
}: TargetOptions): Promise<RunningTarget> {
  const setting = await settingOf(target, token, variables);
  const { attached, endpoint } = setting;
  if (!attached) {
    assertProc(
      'Run it on Linux (a container will do), or attach to a running target with target.url and target.identity.',
    );
  }
  const socket =
    inheritsSocket && !attached && endpoint !== undefined
      ? await openInheritedSocket(endpoint.addresses[0] as string, endpoint.port)
      : undefined;
  const ending = new AbortController();
  let groups: Group[] = [];
  const claim = (): Claim => ({
    ...(attached ? {} : { token }),
    groups,
    endpoint,
    attached,
    pidFile: setting.pidFile,
    sinceTicks: attached ? 0 : (state.instances[0]?.instance.generation.startTicks ?? Number.MAX_SAFE_INTEGER),
  });
  const state: State = {
    setting,
    witness: witness === undefined ? undefined : openWitness(witness, setting),
    chronicle,
    lanes: openLanes(chronicle),
    ours: trackOurs(claim, () => {
      guard();
    }),
    closing: ending.signal,
    instances: [],
    main: undefined,
    old: NOTHING_OLD,
    fresh: undefined,
    newServes: false,
    newFailed: false,
    lastSignal: undefined,
    ranCommand: false,
    restarting: false,
  };
  const outlets = keepOutlet();
  const watch = watchRestarts(state);
  const freezer = openFreezer((processes) => {
    warden.frozen(processes);
  });
  /** The warden is told of every process as soon as it is found: it can only go by what it knows. */
  const guard = (): void => {
    if (!attached) warden.guard({ ...claim(), known: state.ours.known() });
  };
  const addGroup = (group: Group): void => {
    groups = [...groups.filter(({ seenTicks }) => seenTicks !== null), group];
    guard();
  };

  const start = async (kind: 'own' | 'inherited'): Promise<void> => {
    if (target.command === undefined) return;
    removeStale(setting.pidFile);
    if (kind === 'inherited' && socket === undefined) {
      throw new Error('this target was opened without a socket to inherit');
    }
    const instance: Instance = await startInstance({
      program: programOf(target.command, setting.environment),
      folder: setting.folder,
      environment: setting.environment,
      socket: kind === 'inherited' ? socket : undefined,
      outlet: outlets.take,
      ended: (exit) => {
        noteExit(instance, exit);
      },
    });
    const started = { instance, lane: state.lanes.started(instance.generation) };
    state.instances.push(started);
    addGroup(instance.group);
    if (state.restarting) state.fresh = started;
    else state.main = instance.generation;
  };
  const noteExit = (instance: Instance, exit: Exit): void => {
    if (state.closing.aborted) return;
    const isPartOfRestart = state.restarting || instance.pid === state.old.main?.pid;
    if (isPartOfRestart && !isExpectedExit(exit, instance.signals, state.ranCommand)) {
      chronicle.fact({
        code: 'non-zero-exit',
        message: `A process of the target ended ${exitText(exit)}${lastLinesText(instance.output())}.`,
        hint: 'A clean shutdown ends with 0; its last output may tell what went wrong.',
      });
    }
    watch.tick();
  };

  let die: (death: Death) => void;
  const died = new Promise<Death>((resolve) => {
    die = resolve;
  });
  const checkDeath = (): void => {
    if (state.restarting || (state.main !== undefined && isAlive(state.main))) return;
    const main = mainOf(state, state.ours.look(true));
    if (main !== undefined) {
      state.main = generationOf(main);
      return;
    }
    clearInterval(deathCheck);
    const details = exitOf(state, state.main);
    state.lanes.gone(details, state.instances.at(-1)?.lane);
    const how = `${
      details.exit === undefined ? '' : ` ${exitText(details.exit)}`
    }${lastLinesText(details.output ?? [])}`;
    die(
      state.newFailed
        ? {
            message: `Nothing of the target was left after a restart that failed; it ended${how}.`,
            hint: 'See the step that failed. A target that cannot start its successor does best to go on serving.',
          }
        : {
            message: `The target ended by itself${how}.`,
            hint: 'It ended outside of a restart, under load: its last output may tell why.',
          },
    );
  };
  let deathCheck: NodeJS.Timeout | undefined;

  const close = async (): Promise<Closing> => {
    ending.abort();
    clearInterval(deathCheck);
    watch.end();
    freezer.thaw();
    await outlets.close();
    if (attached) return { leftoverPids: [], leftoverCommands: [], forced: false };
    const closing = await endTarget(state);
    state.lanes.gone(exitOf(state, state.old.main));
    const last = state.instances.at(-1);
    if (last !== undefined) state.lanes.gone(exitOf(state, last.instance.generation), last.lane);
    for (const { instance } of state.instances) instance.release();
    socket?.close();
    removeStale(setting.pidFile);
    warden.guard({ token, groups: [], sinceTicks: 0 });
    return closing;
  };
  let closed: Promise<Closing> | undefined;

  return {
    ...controlOf({ state, watch, freezer, start, prepare: attached ? () => undefined : outlets.prepare, addGroup }),
    origin: setting.origin,
    died,
    async startFirst(aborted) {
      await start(socket === undefined ? 'own' : 'inherited');
      await waitFirstReady(state, state.instances[0], aborted);
      if (attached) state.lanes.started(state.main);
      state.lanes.ready(state.main);
      // A target on another machine cannot be seen dying: its traffic tells.
      if (state.main !== undefined) deathCheck = setInterval(checkDeath, DEATH_CHECK_EVERY_MS).unref();
    },
    sample() {
      const serving = servingOf(state.ours.look());
      return serving.length === 0 ? undefined : sampleOf(serving);
    },
    leftovers: () => (attached ? [] : leftoversOf(state, state.ours.look(true)).map(({ pid }) => pid)),
    zombies: () => (attached ? [] : zombiesOf(state.ours.look().processes).map(({ pid }) => pid)),
    close: () => (closed ??= close()),
  };
}

/** A pid file that names no living process would make some servers refuse to start, once its pid is used again. */
function removeStale(pidFile: string | undefined): void {
  if (pidFile === undefined || !seesProcesses()) return;
  try {
    if (processOf(Number.parseInt(readFileSync(pidFile, 'utf8'), 10)) === undefined) rmSync(pidFile, { force: true });
  } catch {
    // There is none.
  }
}
