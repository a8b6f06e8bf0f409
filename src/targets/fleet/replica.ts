/**
 * One instance of a fleet: started, probed, started again when it exits on its own.
 *
 * Rule: every process is a lane of the log, and each change of its readiness is told. An instance that exits on its own
 * is started again, as a kubelet does; one that ends before it was ever ready is a failure, unless who brought it is
 * patient.
 */
import { ZerodropError } from '../../errors.ts';
import { StepFailure } from '../../model/control.ts';
import type { Exit } from '../../model/event.ts';
import { programOf, filledIn } from '../../processes/command.ts';
import { probe } from '../healthcheck.ts';
import { exitText, isExpectedExit, lastLinesText } from '../../processes/exit.ts';
import { startInstance } from '../process/instance.ts';
import { settingOf } from '../process/setting.ts';
import { healthcheckPlanOf, probePlanOf, startProbing, type ProbePlan } from './probing.ts';
import type { FleetState, Replica } from './state.ts';
import { killReplica, sweep } from './terminate.ts';

/** Crashes of one instance that has served, after which the fleet is given up. */
const MOST_CRASHES = 5;
/** Doubled with every crash. Both are a hundredth of a kubelet's 10 s and 5 min. */
const BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 3000;

/** Starts an instance on a port of its own. `over`: environment over that of the target. Rejects with ZerodropError. */
export async function startReplica(
  state: FleetState,
  over: Readonly<Record<string, unknown>>,
  { patient = false } = {},
): Promise<Replica> {
  const { target, token, variables } = state;
  const setting = await settingOf(target, variables, token);
  const own = Object.entries(over).map(([name, value]) => [name, filledIn(String(value), setting.environment)]);
  const environment = { ...setting.environment, ...(Object.fromEntries(own) as Record<string, string>) };
  const name = `i${(state.nextName += 1)}`;
  const replica: Replica = {
    name,
    setting,
    environment,
    ready: false,
    readySinceMs: 0,
    wasReady: false,
    ending: undefined,
    gone: false,
    patient,
    failure: undefined,
    lastWords: undefined,
    identity: undefined,
    probings: [],
    condemned: false,
    crashes: 0,
    ...(await launched(state, name, setting.folder, environment, (exit) => {
      onEnded(state, replica, exit);
    })),
  };
  state.replicas.add(replica);
  startProbes(state, replica);
  return replica;
}

async function launched(
  state: FleetState,
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  ended: (exit: Exit) => void,
): Promise<Pick<Replica, 'instance' | 'lane'>> {
  const { target, chronicle } = state;
  if (target.command === undefined) throw new Error('a fleet without a command');
  const instance = await startInstance({ program: programOf(target.command, environment), folder, environment, ended });
  state.addGroup(instance.group);
  const lane = state.nextLane++;
  chronicle.instance({
    instance: lane,
    state: 'started',
    atMs: chronicle.nowMs(),
    id: state.idOf(instance.generation),
    name,
  });
  return { instance, lane };
}

function startProbes(state: FleetState, replica: Replica): void {
  const { target, fleet } = state;
  const asking = (plan: ProbePlan) => async (): Promise<boolean> => {
    const { healthy, identity } = await probe({
      ...plan.request,
      origin: replica.setting.origin,
      timeoutMs: plan.timeoutMs,
      identityHeader: target.identity?.header,
      tls: replica.setting.tls,
    });
    if (identity !== undefined) replica.identity = identity;
    return healthy;
  };
  const readiness = fleet.readinessProbe === undefined ? healthcheckPlanOf(target) : probePlanOf(fleet.readinessProbe);
  replica.probings.push(
    startProbing(readiness, asking(readiness), false, (ready) => {
      setReady(state, replica, ready);
    }),
  );
  if (fleet.livenessProbe === undefined) return;
  const liveness = probePlanOf(fleet.livenessProbe);
  replica.probings.push(
    startProbing(liveness, asking(liveness), true, (alive) => {
      if (!alive) condemn(state, replica);
    }),
  );
}

function endProbes(replica: Replica): void {
  for (const probing of replica.probings) probing.end();
  replica.probings = [];
}

function setReady(state: FleetState, replica: Replica, ready: boolean): void {
  if (replica.gone || replica.ready === ready) return;
  replica.ready = ready;
  if (ready) {
    if (!replica.wasReady) replica.crashes = 0;
    replica.wasReady = true;
    replica.readySinceMs = performance.now();
  }
  const { chronicle } = state;
  if (replica.ending === undefined) {
    const { lane, instance, name, identity } = replica;
    chronicle.instance({
      instance: lane,
      state: ready ? 'ready' : 'unready',
      atMs: chronicle.nowMs(),
      id: state.idOf(instance.generation),
      name,
      ...(identity === undefined ? {} : { identity }),
    });
  }
  void state.changed();
}

/** The liveness probe has failed too often: the process is killed, and its exit starts it again. */
function condemn(state: FleetState, replica: Replica): void {
  if (replica.ending !== undefined || replica.gone) return;
  replica.condemned = true;
  state.chronicle.fact({
    code: 'liveness-killed',
    message:
      `The liveness probe of instance ${replica.name} (process ${replica.instance.pid}) failed too often in a ` +
      'row, so it was killed and started again.',
    hint:
      'A busy instance is not a dead one: give livenessProbe a longer timeoutSeconds or failureThreshold and a ' +
      'cheap path, and leave it to the readiness probe to take work away.',
  });
  endProbes(replica);
  setReady(state, replica, false);
  void killReplica(state, replica, 'SIGTERM');
}

function onEnded(state: FleetState, replica: Replica, exit: Exit): void {
  const { chronicle } = state;
  endProbes(replica);
  replica.ready = false;
  const output = replica.instance.output();
  chronicle.instance({ instance: replica.lane, state: 'gone', atMs: chronicle.nowMs(), exit, output });
  replica.instance.release();
  if (replica.ending !== undefined || state.closing.aborted) {
    replica.gone = true;
    state.replicas.delete(replica);
    // One that was never ready has failed already, and is told as that; how it then ends says nothing about a clean
    // shutdown.
    if (replica.wasReady && !state.closing.aborted && !isExpectedExit(exit, replica.instance.signals)) {
      chronicle.fact({
        code: 'non-zero-exit',
        message: `Instance ${replica.name} ended ${exitText(exit)}${lastLinesText(output)}.`,
        hint: 'A clean shutdown ends with 0; see its last output for the reason.',
      });
    }
    return;
  }
  const words = `Instance ${replica.name} (process ${replica.instance.pid}) ended ${exitText(exit)}${lastLinesText(
    output,
  )}`;
  if (!replica.wasReady && !replica.condemned && !replica.patient) {
    replica.failure = words;
    state.replicas.delete(replica);
    return;
  }
  void state.changed();
  if (!replica.condemned) {
    replica.crashes += 1;
    replica.lastWords = words;
    if (replica.wasReady) {
      chronicle.fact({
        code: 'replica-died',
        message: `${words}, on its own and under load; it was started again.`,
        hint: 'See its last output for the reason.',
      });
      if (replica.crashes > MOST_CRASHES) {
        state.die(`${words}, again and again.`, 'See its last output for the reason.');
        return;
      }
    }
  }
  const waitMs = Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** (replica.crashes - 1));
  const again = setTimeout(() => void startAgain(state, replica), replica.condemned ? 0 : waitMs);
  again.unref();
}

async function startAgain(state: FleetState, replica: Replica): Promise<void> {
  if (state.closing.aborted || replica.ending !== undefined) return;
  replica.condemned = false;
  try {
    // As with a container, nothing of it outlives its main process: it would go on to answer on the port.
    await sweep(replica);
    Object.assign(
      replica,
      await launched(state, replica.name, replica.setting.folder, replica.environment, (exit) => {
        onEnded(state, replica, exit);
      }),
    );
  } catch (error) {
    if (!(error instanceof ZerodropError || error instanceof StepFailure)) throw error;
    state.die(`Instance ${replica.name} ended and could not be started again: ${error.message}`, error.hint);
    return;
  }
  // Its end may have been decided meanwhile.
  if (isEnding(replica)) return killReplica(state, replica, 'SIGKILL');
  startProbes(state, replica);
}

// A call, because the state changes behind the compiler's back.
const isEnding = ({ ending }: Replica): boolean => ending !== undefined;
