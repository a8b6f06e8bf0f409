/**
 * A running fleet, as a session and the steps of its restarts use it: the same port as a single target, with the front
 * door's origin.
 *
 * Rule: what it starts it also ends. The front door is told of every change after the propagation delay, in the order
 * of the changes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../../errors.ts';
import { frontOptionsOf, type Fleet } from '../../model/fleet.ts';
import type { Backend, FrontDoor } from '../../model/front.ts';
import type { InstanceId } from '../../model/instance-id.ts';
import { durationText } from '../../model/units.ts';
import { killAll } from '../../processes/kill.ts';
import type { Group } from '../../processes/group.ts';
import { trackOurs, type Claim } from '../../processes/ours.ts';
import {
  assertProc,
  commandLineOf,
  generationOf,
  processOf,
  sampleOf,
  zombiesOf,
  type ProcessStat,
} from '../../processes/proc.ts';
import { until } from '../../processes/wait.ts';
import { openInstanceIds } from '../process/instance-ids.ts';
import type { Closing, Death, RunningTarget, TargetOptions } from '../target.ts';
import { fleetControlOf } from './control.ts';
import { startReplica } from './replica.ts';
import { isThere, members, type FleetState } from './state.ts';
import { tableOf } from './table.ts';
import { terminate } from './terminate.ts';

export type FleetOptions = Omit<TargetOptions, 'inheritsSocket' | 'witness'> & { arm: { fleet: Fleet } };

const STOP_WITHIN_MS = 3000;
const KILL_WITHIN_MS = 5000;
/** What a dying door is given to say why. */
const LAST_WORDS_MS = 500;
const DOOR_HINT = 'Run again; if it happens again, look at its configuration.';

/**
 * A fleet of which nothing is started yet. `door` is the fleet's from here on: closed with it. Throws ZerodropError
 * `not-linux`.
 */
export function openFleet(
  { arm: { target, fleet, restart }, token, variables, chronicle, warden, analyse }: FleetOptions,
  door: FrontDoor,
): RunningTarget {
  assertProc('Run it on Linux (a container will do).');
  const ending = new AbortController();
  const idOf = openInstanceIds();
  const idsOf = (processes: readonly ProcessStat[]): InstanceId[] =>
    processes.map((process) => idOf(generationOf(process)));
  const sinceTicks = processOf(process.pid)?.startTicks ?? 0;
  let groups: Group[] = [];
  let die: (death: Death) => void;
  const died = new Promise<Death>((resolve) => {
    die = resolve;
  });
  const claim = (): Claim => ({ token, groups, sinceTicks });
  const ours = trackOurs(claim, () => {
    guard();
  });
  const guard = (): void => {
    warden.guard({ ...claim(), known: ours.known() });
  };
  const front = frontOptionsOf(fleet);
  /** A door that does not take a change is of no use any more; if that is because it died, it says so itself. */
  const routeBy = (table: readonly Backend[], afterMs?: number): Promise<void> =>
    door.route(table, afterMs).catch(async (error: unknown) => {
      const death = await Promise.race([door.died, delay(LAST_WORDS_MS, undefined, { ref: false })]);
      if (death !== undefined || ending.signal.aborted) return;
      die({
        message: `The front door did not accept the list of instances: ${String(error)}.`,
        hint: DOOR_HINT,
        code: 'front-door-died',
      });
    });
  let acting = '';
  let routed = Promise.resolve();
  let served = false;
  const state: FleetState = {
    target,
    fleet,
    front,
    door,
    token,
    variables,
    chronicle,
    ours,
    idOf,
    closing: ending.signal,
    replicas: new Set(),
    old: new Set(),
    share: undefined,
    restarting: false,
    nextLane: 0,
    nextName: 0,
    addGroup(group) {
      groups = [...groups.filter(({ seenTicks }) => seenTicks !== null), group];
      guard();
    },
    die: (message, hint) => {
      die({ message, hint });
    },
    async changed() {
      const table = tableOf(
        [...state.replicas].map((replica) => {
          const { hostname, port } = new URL(replica.setting.origin);
          return {
            name: replica.name,
            host: hostname,
            port: Number(port),
            isNew: !state.old.has(replica),
            ready: replica.ready && isThere(replica),
          };
        }),
        state.share,
      );
      if (JSON.stringify(table) === acting) return routed;
      acting = JSON.stringify(table);
      // Nobody waits for a change to get through, as nobody waits for kube-proxy; only the start does.
      if (served && front.propagation > 0) {
        void routeBy(table, front.propagation);
        return;
      }
      await (routed = routeBy(table));
    },
  };
  guard();
  void door.died.then((message) => {
    die({ message, hint: DOOR_HINT, code: 'front-door-died' });
  });

  const close = async (): Promise<Closing> => {
    const signal = target.stop_signal;
    const all = [...state.replicas];
    ending.abort();
    for (const { probings } of all) for (const probing of probings) probing.end();
    const graceMs = Math.min(STOP_WITHIN_MS, target.stop_grace_period);
    const forced = await Promise.race([
      Promise.all(all.map((replica) => terminate(state, replica, { signal, graceMs }).catch(() => undefined))).then(
        () => false,
      ),
      delay(STOP_WITHIN_MS + KILL_WITHIN_MS, true, { ref: false }),
    ]);
    const leftovers = forced
      ? []
      : ours.look(true).processes.map((one) => ({ id: idOf(generationOf(one)), command: commandLineOf(one.pid) }));
    await killAll(ours, KILL_WITHIN_MS);
    for (const { instance } of all) instance.release();
    await door.close();
    groups = [];
    warden.guard({ token, groups: [], sinceTicks: 0 });
    return { leftovers, forced };
  };
  let closed: Promise<Closing> | undefined;

  return {
    ...fleetControlOf({ state, environment: restart.environment ?? {}, analyse }),
    origin: door.origin,
    endsByInstance: true,
    died,
    chosenFor: (localPort) => door.chosenFor(localPort),
    async startFirst(aborted) {
      for (let count = 0; count < fleet.replicas && aborted?.aborted !== true; count += 1) {
        await startReplica(state, {});
      }
      const all = [...state.replicas];
      const limitMs = target.healthcheck.start_period;
      await until(
        () =>
          aborted?.aborted === true ||
          all.some(({ failure }) => failure !== undefined) ||
          all.every(({ ready }) => ready),
        limitMs,
        state.closing,
      );
      if (aborted?.aborted === true) return;
      const failed = all.find(({ failure }) => failure !== undefined);
      if (failed !== undefined) {
        throw new ZerodropError(
          'target-died-at-start',
          `${failed.failure}, before it was healthy.`,
          'See its last output for the reason; correct target.command or target.environment.',
          failed.instance.output(),
        );
      }
      const late = all.filter(({ ready }) => !ready);
      const [first] = late;
      if (first !== undefined) {
        throw new ZerodropError(
          'target-not-healthy',
          `${late.length} of ${fleet.replicas} instances were not ready within ${durationText(limitMs)} ` +
            '(target.healthcheck.start_period).',
          'Let the target listen on ${PORT}; correct fleet.readinessProbe or target.healthcheck.path, or give ' +
            'it more time.',
          first.instance.output(),
        );
      }
      await state.changed();
      served = true;
    },
    sample() {
      const processes = ours.look().processes;
      return processes.length === 0 ? undefined : sampleOf(processes);
    },
    leftovers() {
      const living = new Set([...members(state, 'old'), ...members(state, 'new')].map(({ instance }) => instance.pid));
      return idsOf(ours.look(true).processes.filter(({ group }) => !living.has(group)));
    },
    zombies: () => idsOf(zombiesOf(ours.look().processes)),
    close: () => (closed ??= close()),
  };
}
