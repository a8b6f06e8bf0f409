/**
 * What the steps of a restart may do to a target, done.
 *
 * Rule: the port of model/control.ts; every wait has a limit, and what goes wrong on the target's side is a
 * StepFailure.
 */
import { StepFailure, type TargetControl } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import type { Group } from '../../processes/group.ts';
import type { Freezer } from './freeze.ts';
import { commandLineOf, generationOf, isAlive, type Generation } from '../../processes/proc.ts';
import { becameReady, waitReady } from './ready.ts';
import { STILL_BUSY, waitReplaced } from './replaced.ts';
import { tellNotPassed, wrappedSignal, type WrappedSignal } from './passing.ts';
import { waitRecycled } from './recycled.ts';
import { runStep } from '../run-step.ts';
import { findOld, servingNow } from './serving.ts';
import { act, newOwnersOf, rootOf, type State } from './state.ts';
import { killOld, signalProcess, stopOld } from './stop.ts';
import { until } from '../../processes/wait.ts';
import type { Watch } from './watch.ts';
import { awaitedWorkers } from './workers.ts';

export interface ControlOptions {
  state: State;
  watch: Watch;
  freezer: Freezer;
  /** Starts an instance. */
  start: (socket: 'own' | 'inherited') => Promise<void>;
  /** A restart begins that may start an instance. */
  prepare: () => void;
  /** A process group of ours begins. */
  addGroup: (group: Group) => void;
}

export function controlOf({ state, watch, freezer, start, prepare, addGroup }: ControlOptions): TargetControl {
  const { setting } = state;
  /** The last signal of this restart, when something stands between it and the server. */
  let wrapped: WrappedSignal | undefined;
  return {
    async begin() {
      act(state, { kind: 'begin' });
      wrapped = undefined;
      // It would take for new, and for gone, what the restart before has brought about.
      watch.end();
      state.lanes.begin();
      prepare();
      const { old, serving } = await findOld(state);
      act(state, { kind: 'found', old });
      watch.begin();
      return serving;
    },
    start,
    ready: (successes, withinMs) => waiting(state, watch, () => waitReady(state, watch, successes, withinMs)),
    // Within a promise, so that what goes wrong is a rejection and not thrown.
    signal: (signal, to) =>
      Promise.resolve().then(() => {
        const process = to === 'old' ? oldMain(state) : newMain(state);
        act(state, { kind: 'signal', signal });
        wrapped = wrappedSignal(state, process, signal);
        signalProcess(state, process, signal);
        freezer.thaw();
      }),
    stop(signal = setting.target.stop_signal, graceMs = setting.target.stop_grace_period, withinMs, to) {
      if (to === 'new') return Promise.reject(needsFleet('A step that stops the new set'));
      return stopOld(state, watch, signal, Math.min(graceMs, withinMs), freezer.thaw);
    },
    kill: () => killOld(state, watch),
    async exited(who, withinMs) {
      const old = who === 'workers' ? undefined : oldGeneration(state);
      if (who === 'workers') assertWorkers(state);
      const left = (): Generation[] =>
        old === undefined ? awaitedWorkers(state, state.ours.look()) : [old].filter(isAlive);
      if (!(await until(() => left().length === 0, withinMs, state.closing))) throw notExited(left(), who, withinMs);
      if (who === 'workers') {
        state.lanes.draining();
        watch.say('not-accepting');
        state.lanes.gone();
        watch.say('gone');
      }
      watch.tick();
    },
    replaced: (withinMs) => waiting(state, watch, () => waitReplaced(state, watch, withinMs)),
    recycled: (withinMs) => waiting(state, watch, () => waitRecycled(state, watch, withinMs)),
    async freeze(forMs) {
      const { main, workers, owners } = state.restart.old;
      const processes = [...(main === undefined ? [] : [main]), ...workers, ...owners];
      if (processes.length === 0) {
        throw new StepFailure(
          'The processes of the target cannot be seen from here, so it cannot be frozen.',
          'Name its pid file in target.pid_file, or leave out the freeze.',
        );
      }
      await freezer.freeze([...new Map(processes.map((process) => [process.pid, process])).values()], forMs, () =>
        watch.say('frozen'),
      );
    },
    async run(command, withinMs) {
      act(state, { kind: 'run' });
      const { environment, folder } = setting;
      await runStep({
        command,
        folder,
        environment,
        limitMs: withinMs,
        aborted: state.closing,
        started: addGroup,
      });
    },
    route: () => Promise.reject(needsFleet('A route step')),
    rollout: () => Promise.reject(needsFleet('A rollout step')),
    analyse: () => Promise.reject(needsFleet('An analyse step')),
    async serving() {
      // Asked for when the steps are done: from here on a target that ends has died.
      const { failed } = act(state, { kind: 'end' });
      // A restart that was done shows that the signal was passed on, or was for the wrapper.
      if (wrapped !== undefined && failed) await tellNotPassed(state, wrapped);
      watch.slowDown();
      return servingNow(state);
    },
  };
}

function needsFleet(what: string): StepFailure {
  return new StepFailure(
    `${what} needs several instances behind a front door.`,
    'Say how many with fleet: {replicas: 3}.',
  );
}

/** Waits for the new generation to serve. A wait that was given up, at its limit or by the user, acts no more. */
async function waiting(state: State, watch: Watch, served: () => Promise<void>): Promise<void> {
  const begun = act(state, { kind: 'wait' });
  const isAwaited = (): boolean => state.restart === begun;
  try {
    await served();
  } catch (error) {
    if (isAwaited()) act(state, { kind: 'fail' });
    throw error;
  }
  if (isAwaited()) becameReady(state, watch);
}

function oldGeneration({ restart: { old } }: State): Generation {
  if (old.main !== undefined) return old.main;
  throw new StepFailure(
    'The main process of the target could not be seen when the restart began.',
    'Run zerodrop on the same machine and as the same user as the target, name its pid file in ' +
      'target.pid_file, or use the strategy command.',
  );
}

function oldMain(state: State): Generation {
  const main = oldGeneration(state);
  if (isAlive(main)) return main;
  throw new StepFailure(
    `The old main process ${main.pid} is gone already.`,
    'Leave this signal out, or send it to the new one with {signal: {name: ..., to: new}}.',
  );
}

function newMain(state: State): Generation {
  const { successor } = state.restart;
  if (successor !== undefined && successor.instance.ended === undefined) return successor.instance.generation;
  const look = state.ours.look(true);
  const root = rootOf(newOwnersOf(state, look), look);
  if (root !== undefined) return generationOf(root);
  throw new StepFailure('No new process holds the port yet.', 'Put a replaced or ready step before this signal.');
}

/** A target without workers may have been proven to reload within its one process: then there is no wait. */
function assertWorkers(state: State): void {
  const { workers, main } = state.restart.old;
  const reloaded = state.restart.served && newOwnersOf(state, state.ours.look(true)).length === 0;
  if (workers.length > 0 || reloaded) return;
  throw new StepFailure(
    `The target${main === undefined ? '' : ` (process ${main.pid})`} had no worker processes when the restart began.`,
    'Use signal-handoff when the target replaces its main process; reload-workers is for a main process that ' +
      'stays and replaces its workers.',
  );
}

function notExited(left: readonly Generation[], who: 'old' | 'workers', withinMs: number): StepFailure {
  const listed = left.map(({ pid }) => `${pid} (${commandLineOf(pid)})`).join(', ');
  return new StepFailure(
    `${who === 'old' ? 'The old main process' : 'Old worker processes'} ${listed} did not end within ` +
      `${durationText(Math.round(withinMs))}.`,
    STILL_BUSY,
  );
}
