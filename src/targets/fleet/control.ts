/**
 * What the steps of a restart may do to a fleet, done.
 *
 * Rule: the port of model/control.ts; a set that is started gets nothing until it is routed to, and what is old is
 * fixed by `begin`.
 */
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Analyse } from '../../model/canary.ts';
import { StepFailure, type Serving, type TargetControl } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import { runStep } from '../run-step.ts';
import { sendSignal } from '../../processes/signal.ts';
import { until } from '../../processes/wait.ts';
import { startReplica } from './replica.ts';
import { lastWordsText, roll } from './roll.ts';
import { members, type FleetState, type Replica } from './state.ts';
import { killReplica, tellEnding, terminate, type Termination } from './terminate.ts';

export interface FleetControlOptions {
  state: FleetState;
  /** Over the environment of the target, for the instances that a restart starts. */
  environment: Readonly<Record<string, unknown>>;
  analyse: Analyse;
}

export function fleetControlOf({ state, environment, analyse }: FleetControlOptions): TargetControl {
  const { target, fleet, chronicle } = state;
  /** Instances that this restart has started. */
  let started: Replica[] = [];
  const startNew = async (patience: { patient?: boolean } = {}): Promise<Replica> => {
    const replica = await startReplica(state, environment, patience);
    started.push(replica);
    return replica;
  };
  const failure = (): string | undefined => started.find((replica) => replica.failure !== undefined)?.failure;
  const termination = (
    signal = target.stop_signal,
    graceMs = (fleet.terminationGracePeriodSeconds ?? target.stop_grace_period / 1000) * 1000,
  ): Termination => ({ signal, graceMs });
  const endAll = async (which: 'old' | 'new', how: Termination): Promise<void> => {
    await Promise.all(members(state, which).map((replica) => terminate(state, replica, how)));
    if (which === 'old') chronicle.moment('gone');
  };

  return {
    begin() {
      state.old = new Set(members(state, 'old').concat(members(state, 'new')));
      started = [];
      state.share = undefined;
      state.restarting = true;
      return Promise.resolve(servingOf(state));
    },
    async start() {
      state.share = 0;
      for (let count = 0; count < fleet.replicas; count += 1) await startNew();
    },
    async ready(_successes, withinMs) {
      const awaited = (): Replica[] => (started.length > 0 ? started : members(state, 'old'));
      await until(
        () => failure() !== undefined || awaited().every((replica) => replica.ready),
        withinMs,
        state.closing,
      );
      const failed = failure();
      if (failed !== undefined) {
        throw new StepFailure(`${failed}, before it was ready.`, 'See its last output for the reason.');
      }
      const late = awaited().filter((replica) => !replica.ready);
      if (late.length > 0) {
        throw new StepFailure(
          `${late.length} of ${awaited().length} instances were not ready within ` +
            `${durationText(Math.round(withinMs))}.`,
          'Look at the readiness probe (or target.healthcheck) and at their output, or give them more time ' +
            'with restart.timeout.',
        );
      }
      chronicle.moment('ready');
    },
    signal: (signal, to) =>
      Promise.resolve().then(() => {
        for (const replica of members(state, to)) {
          const { instance } = replica;
          tellEnding(state, replica);
          instance.noteSignal(signal);
          sendSignal(instance.generation, signal);
        }
      }),
    async stop(signal, graceMs, _withinMs, to) {
      await endAll(to ?? 'old', termination(signal, graceMs));
      return { by: 'code', forced: false };
    },
    async kill() {
      await Promise.all(
        members(state, 'old').map((replica) => {
          tellEnding(state, replica);
          replica.ending = killReplica(state, replica, 'SIGKILL');
          return replica.ending;
        }),
      );
      chronicle.moment('gone');
    },
    async exited(_who, withinMs) {
      const gone = await until(() => [...state.old].every((replica) => replica.gone), withinMs, state.closing);
      if (!gone) {
        throw new StepFailure(
          `Old instances were still there after ${durationText(Math.round(withinMs))}.`,
          'Let them end their open connections in time.',
        );
      }
      chronicle.moment('gone');
    },
    replaced: () => Promise.reject(unsuitable('replaced')),
    recycled: () => Promise.reject(unsuitable('recycled')),
    freeze: () => Promise.reject(unsuitable('freeze')),
    run: (command, withinMs) =>
      runStep({
        command,
        folder: resolve(target.working_dir),
        environment: { ...process.env },
        limitMs: withinMs,
        aborted: state.closing,
        started: (group) => {
          state.addGroup(group);
        },
      }),
    async route(share) {
      state.share = share;
      await state.changed();
    },
    async rollout(rolling, withinMs) {
      state.share = undefined;
      const limit = new AbortController();
      const late = delay(withinMs, undefined, { signal: limit.signal, ref: false }).then(
        () =>
          Promise.reject(
            new StepFailure(
              `The rollout was not done within ${durationText(Math.round(withinMs))}.${lastWordsText(state)}`,
              'Raise restart.timeout.',
            ),
          ),
        () => undefined,
      );
      try {
        await Promise.race([
          roll(
            state,
            rolling,
            { start: () => startNew({ patient: true }), end: (replica) => terminate(state, replica, termination()) },
            limit.signal,
          ),
          late,
        ]);
      } finally {
        limit.abort();
      }
      chronicle.moment('ready');
      chronicle.moment('gone');
    },
    async analyse(forMs, errorsBelow) {
      const isNew = (find: (replica: Replica) => boolean): boolean | undefined => {
        const found = [...started, ...state.old].find(find);
        return found === undefined ? undefined : started.includes(found);
      };
      const answer = await analyse({
        forMs,
        errorsBelow,
        share: state.share,
        isNewIdentity: (identity) => isNew((replica) => replica.identity === identity),
        isNewPort(localPort) {
          const name = state.door.chosenFor(localPort);
          return isNew((replica) => replica.name === name);
        },
        aborted: state.closing,
      });
      if (answer.verdict !== 'pass') {
        throw new StepFailure(
          answer.message,
          answer.hint,
          answer.verdict === 'fail' ? 'step-failed' : 'step-inconclusive',
          { judged: true },
        );
      }
      return answer.message;
    },
    serving() {
      state.restarting = false;
      return Promise.resolve(servingOf(state));
    },
  };
}

function servingOf({ replicas, idOf }: FleetState): Serving {
  const ready = [...replicas].filter((replica) => replica.ready && replica.ending === undefined);
  return {
    instances: ready.map(({ instance }) => idOf(instance.generation)),
    identities: ready.flatMap(({ identity }) => identity ?? []),
  };
}

function unsuitable(step: string): StepFailure {
  return new StepFailure(
    `The step ${step} does not suit a fleet.`,
    'Use start, ready, route, rollout, analyse, stop, kill, exited, sleep and run.',
  );
}
