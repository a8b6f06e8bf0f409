/**
 * A target that zerodrop starts as a process of this machine.
 *
 * Rule: what it starts it also ends, with everything that belongs to it.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { Exit } from '../../model/event.ts';
import { programOf } from '../../processes/command.ts';
import { exitText, isExpectedExit, lastLinesText } from '../../processes/exit.ts';
import type { Group } from '../../processes/group.ts';
import type { Claim } from '../../processes/ours.ts';
import { keepOutlet } from '../../processes/outlet.ts';
import { assertProc, processOf, seesProcesses, zombiesOf } from '../../processes/proc.ts';
import type { Closing, RunningTarget, TargetOptions } from '../target.ts';
import { endTarget } from './close.ts';
import { controlOf } from './control.ts';
import { openInheritedSocket, type InheritedSocket } from './inherited-socket.ts';
import { startInstance, type Instance } from './instance.ts';
import { waitFirstReady } from './ready.ts';
import { openSeen, type Seen } from './seen.ts';
import { settingOf, type Setting } from './setting.ts';
import { act, exitOf, idsOf, leftoversOf } from './state.ts';
import { isUnderWay } from './under-way.ts';

/**
 * Settles address and port of the target. Rejects with ZerodropError `port-taken` or `bad-scenario`. Nothing is started
 * yet.
 */
export async function openOwnProcess(options: Omit<TargetOptions, 'analyse'>): Promise<RunningTarget> {
  const { arm, token, witness, chronicle, warden, variables } = options;
  const setting = await settingOf(arm.target, variables, token, options.isHttp2);
  assertProc(
    'Run it on Linux (a container will do), or attach to a running target with target.url and target.identity.',
  );
  const socket = options.inheritsSocket ? await socketFor(setting) : undefined;
  let groups: Group[] = [];
  const claim = (): Claim => ({
    token,
    groups,
    endpoint: setting.endpoint,
    attached: false,
    pidFile: setting.pidFile,
    sinceTicks: state.instances[0]?.instance.generation.startTicks ?? Number.MAX_SAFE_INTEGER,
  });
  /** The warden is told of every process as soon as it is found: it can only go by what it knows. */
  const guard = (): void => {
    warden.guard({ ...claim(), known: state.ours.known() });
  };
  const seen = openSeen({ setting, witness, chronicle, claim, found: guard, frozen: warden.frozen });
  const { state, watch, freezer } = seen;
  const outlets = keepOutlet();
  const addGroup = (group: Group): void => {
    groups = [...groups.filter(({ seenTicks }) => seenTicks !== null), group];
    guard();
  };
  const start = async (kind: 'own' | 'inherited'): Promise<void> => {
    if (arm.target.command === undefined) throw new Error('an own process without a command');
    if (kind === 'inherited' && socket === undefined) {
      throw new Error('this target was opened without a socket to inherit');
    }
    removeStale(setting.pidFile);
    const instance: Instance = await startInstance({
      program: programOf(arm.target.command, setting.environment),
      folder: setting.folder,
      environment: setting.environment,
      socket: kind === 'inherited' ? socket : undefined,
      outlet: outlets.take,
      ended: (exit) => {
        noteExit(seen, instance, exit);
      },
    });
    const started = { instance, lane: state.lanes.started(instance.generation) };
    state.instances.push(started);
    addGroup(instance.group);
    if (isUnderWay(state.restart)) act(state, { kind: 'start', started });
    else state.main = instance.generation;
  };
  const close = async (): Promise<Closing> => {
    seen.end();
    await outlets.close();
    const closing = await endTarget(state);
    state.lanes.gone(exitOf(state, state.restart.old.main));
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
    ...controlOf({ state, watch, freezer, start, prepare: outlets.prepare, addGroup }),
    origin: setting.origin,
    endsByInstance: false,
    died: seen.died,
    async startFirst(aborted) {
      await start(socket === undefined ? 'own' : 'inherited');
      await waitFirstReady(state, state.instances[0], aborted);
      state.lanes.ready(state.main);
      seen.watchDeath();
    },
    sample: seen.sample,
    leftovers: () => idsOf(state, leftoversOf(state, state.ours.look(true))),
    zombies: () => idsOf(state, zombiesOf(state.ours.look().processes)),
    close: () => (closed ??= close()),
  };
}

async function socketFor({ endpoint }: Setting): Promise<InheritedSocket | undefined> {
  return endpoint === undefined ? undefined : openInheritedSocket(endpoint.addresses[0] as string, endpoint.port);
}

/** An exit that is part of a restart and not a clean one is a fact. */
function noteExit({ state, watch }: Seen, instance: Instance, exit: Exit): void {
  if (state.closing.aborted) return;
  const { restart } = state;
  const isPartOfRestart = isUnderWay(restart) || instance.pid === restart.old.main?.pid;
  if (isPartOfRestart && !isExpectedExit(exit, instance.signals, restart.ranCommand)) {
    state.chronicle.fact({
      code: 'non-zero-exit',
      message: `A process of the target ended ${exitText(exit)}${lastLinesText(instance.output())}.`,
      hint: 'A clean shutdown ends with 0; see its last output for the reason.',
    });
  }
  const started = state.instances.find((one) => one.instance === instance);
  const isOlder = restart.phase === 'looking' || instance.pid !== restart.old.main?.pid;
  // It drained beyond its own restart, whose watch has ended.
  if (started !== undefined && started !== state.instances.at(-1) && isOlder) {
    state.lanes.gone({ exit, output: instance.output() }, started.lane);
  }
  watch.tick();
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
