/**
 * Services: what a target needs beside it, such as a session store. They outlive every restart of the target, which a
 * program that target.command starts besides would not, and nobody would end one that target.build leaves in the
 * background.
 *
 * Rule: started before the target, in the order in which they are written, each when the one before it is healthy;
 * ended after it. Each carries a mark of its own, so that it is never taken for a process of the target, nor ended with
 * it.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../errors.ts';
import type { Exit } from '../model/event.ts';
import { portVariableOf, type Service } from '../model/service.ts';
import { durationText } from '../model/units.ts';
import { filledIn, programOf, type Variables } from '../processes/command.ts';
import { exitText, lastLinesText } from '../processes/exit.ts';
import { probe } from './healthcheck.ts';
import { startInstance, type Instance } from './process/instance.ts';
import { killAll } from '../processes/kill.ts';
import { sendSignal } from '../processes/signal.ts';
import { TOKEN_VARIABLE, trackOurs, type Claim, type Ours } from '../processes/ours.ts';
import { freePort } from '../processes/port.ts';
import { until, untilOutcome } from '../processes/wait.ts';
import type { Warden } from '../processes/warden.ts';

export interface ServicesOptions {
  services: Readonly<Record<string, Service>>;
  /** Marks every process of the run. */
  token: string;
  warden: Warden;
  /** The variables of the run, such as SCRATCH. */
  variables: Variables;
  /** Called when a service ends while it is needed. */
  died: (message: string) => void;
  aborted: AbortSignal;
}

export interface RunningServices {
  /** The port of each by its variable, such as REDIS_PORT. */
  ports: Readonly<Record<string, string>>;
  /** Ends every process of every service. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const STOP_WITHIN_MS = 3000;
const KILL_WITHIN_MS = 5000;

/**
 * Starts services. Rejects with ZerodropError `service-not-healthy`, `command-not-found` or `port-taken`; then none of
 * them is left.
 */
export async function startServices(options: ServicesOptions): Promise<RunningServices> {
  const entries = Object.entries(options.services);
  const ports: Record<string, string> = {};
  for (const [name] of entries) ports[portVariableOf(name)] = String(await freePort(HOST));
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    for (const [name, service] of entries) await startService(name, service, ports, options, closing);
  } catch (error) {
    await close();
    throw error;
  }
  return { ports, close };
}

/**
 * Starts one service and waits until it is healthy; how to end it is in `closing` as soon as there is something to end.
 */
async function startService(
  name: string,
  service: Service,
  ports: Variables,
  { token, warden, variables, died, aborted }: ServicesOptions,
  closing: (() => Promise<void>)[],
): Promise<void> {
  const marked: Claim = { token: `${token}.${name}`, groups: [], sinceTicks: 0 };
  let needed = false;
  warden.guard(marked, name);
  const instance = await spawned(
    name,
    service,
    { ...process.env, ...variables, ...ports, [TOKEN_VARIABLE]: marked.token },
    (exit) => {
      if (needed) died(`The service ${name} ended ${exitText(exit)}${lastLinesText(instance.output())}`);
    },
  );
  // By its group, too: redis and nginx overwrite their environment.
  const claim: Claim = { ...marked, groups: [instance.group] };
  const ours = trackOurs(
    () => claim,
    () => {
      warden.guard({ ...claim, known: ours.known() }, name);
    },
  );
  ours.look();
  closing.push(() => {
    needed = false;
    return ended(instance, ours);
  });
  await healthy(name, service, Number(ports[portVariableOf(name)]), instance, aborted);
  needed = true;
}

function spawned(
  name: string,
  service: Service,
  variables: Variables,
  whenEnded: (exit: Exit) => void,
): Promise<Instance> {
  const own = Object.fromEntries(
    Object.entries(service.environment).map(([key, value]) => [key, filledIn(String(value), variables)]),
  );
  const environment = { ...variables, ...own };
  return startInstance({
    program: programOf(service.command, environment),
    folder: service.working_dir,
    environment,
    ended: whenEnded,
  }).catch((error: unknown) => {
    if (!(error instanceof ZerodropError)) throw error;
    throw new ZerodropError(
      error.code,
      `The service ${name}: ${error.message}`,
      `Install it, or correct services.${name}.command or services.${name}.working_dir.`,
    );
  });
}

async function healthy(
  name: string,
  { healthcheck }: Service,
  port: number,
  instance: Instance,
  aborted: AbortSignal,
): Promise<void> {
  const { path, interval, timeout, start_period: limitMs } = healthcheck;
  let problem = 'it was never asked';
  const outcome = await untilOutcome(
    async () => {
      if (instance.ended !== undefined) return 'ended';
      const found =
        path === undefined
          ? await connecting(port, timeout)
          : (await probe({ ...healthcheck, origin: `http://${HOST}:${port}`, path, timeoutMs: timeout })).problem;
      if (found === undefined) return 'healthy';
      problem = found;
      await delay(interval);
      return undefined;
    },
    limitMs,
    aborted,
  );
  if (outcome === 'healthy' || aborted.aborted) return;
  throw new ZerodropError(
    'service-not-healthy',
    instance.ended !== undefined
      ? `The service ${name} ended ${exitText(instance.ended)} before it was healthy.`
      : `The service ${name} was not healthy within ${durationText(limitMs)} on port ${port}: ${problem}.`,
    `Let it stay in the foreground and listen on ${HOST}:\${${portVariableOf(name)}}, or give it more time ` +
      `with services.${name}.healthcheck.start_period.`,
    instance.output(),
  );
}

/** Why no connection is accepted; undefined when one is. */
function connecting(port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const end = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(timeoutMs, () => {
      end(`no connection within ${timeoutMs}ms`);
    });
    socket.once('connect', () => {
      end();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code ?? error.message);
    });
  });
}

/** Asks it to end, then ends everything of it. */
async function ended(instance: Instance, ours: Ours): Promise<void> {
  if (instance.ended === undefined) sendSignal(instance.generation, 'SIGTERM');
  await until(() => instance.ended !== undefined, STOP_WITHIN_MS);
  await killAll(ours, KILL_WITHIN_MS);
  instance.release();
}
