/**
 * Starts a server once to see how it can be reached: the port that it opens, a path that answers, and whether it
 * serves on an inherited socket.
 *
 * Rule: it is seen in /proc and by asking, never read from what the server prints. Everything that was started is gone
 * when this returns.
 */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../../errors.ts';
import { programOf } from '../../processes/command.ts';
import { exitText } from '../../processes/exit.ts';
import { killAll } from '../../processes/kill.ts';
import { openedBy, type Opened } from '../../processes/opened.ts';
import { TOKEN_VARIABLE, trackOurs, type Claim } from '../../processes/ours.ts';
import { freePort } from '../../processes/port.ts';
import { assertProc } from '../../processes/proc.ts';
import { startWarden, type Warden } from '../../processes/warden.ts';
import { untilOutcome } from '../../processes/wait.ts';
import { probe } from '../../targets/healthcheck.ts';
import { openInheritedSocket } from '../../targets/process/inherited-socket.ts';
import { startInstance, type Instance } from '../../targets/process/instance.ts';
import type { FoundServer, FoundService } from './found.ts';

const HOST = '127.0.0.1';
/** Longest wait for a port, and then for an answer. */
const OPENS_WITHIN_MS = 20_000;
const ANSWERS_WITHIN_MS = 5000;
const PROBE_MS = 1000;
const GONE_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 50;
/** Where a server may say that it is well. */
const PATHS = ['/', '/healthz', '/health', '/readyz', '/ready', '/livez', '/status', '/ping', '/api/health', '/api'];

export interface SurveyOptions {
  command: readonly string[];
  path?: string | undefined;
  /** The port that it opens, where it opens several or cannot be given one. */
  port?: number | undefined;
  signal: AbortSignal;
  say: (text: string) => void;
}

/** Rejects with ZerodropError when the server ends at once, opens no port, or never answers. */
export async function surveyServer(options: SurveyOptions): Promise<FoundServer> {
  assertProc('Run it on Linux, or attach to a running server: zerodrop try URL -- RESTART COMMAND.');
  const token = randomBytes(12).toString('hex');
  const warden = await startWarden(token);
  try {
    const { command } = options;
    const offered = await seenWith(options, token, warden, true);
    if (offered.kind === 'inherited') {
      // It took the socket in place of PORT: whether it heeds PORT shows without one.
      options.say('It serves on an inherited socket (LISTEN_FDS). Starting it once more without one.');
    }
    const plain = offered.kind === 'own' ? offered : await seenWith(options, token, warden, false);
    if (plain.kind !== 'own') throw new Error('a socket was inherited that nobody handed over');
    return {
      kind: 'started',
      command,
      heedsListenFds: offered.kind === 'inherited',
      heedsPort: plain.heedsPort,
      opened: plain.opened,
      healthPath: plain.healthPath,
    };
  } finally {
    await warden.close();
  }
}

/** A path of a running service that answers. Rejects with ZerodropError `target-not-healthy`. */
export async function surveyService(url: URL, command: readonly string[]): Promise<FoundService> {
  const own = `${url.pathname}${url.search}`;
  const healthPath = await answeringPath(
    url.origin,
    own === '/' ? PATHS : [own],
    performance.now() + ANSWERS_WITHIN_MS,
  );
  return { kind: 'attached', origin: url.origin, healthPath, command };
}

type Seen =
  | { kind: 'own'; heedsPort: boolean; opened: Pick<Opened, 'host' | 'port'>; healthPath: string }
  | { kind: 'inherited' }
  | { kind: 'refused' };

/** One start. `offersSocket`: with an inherited socket; a server that ends by that is started again without. */
async function seenWith(options: SurveyOptions, token: string, warden: Warden, offersSocket: boolean): Promise<Seen> {
  const offeredPort = options.port ?? (await freePort(HOST));
  const socketPort = offersSocket ? await freePort(HOST) : undefined;
  const socket = socketPort === undefined ? undefined : await openInheritedSocket(HOST, socketPort);
  const environment = { ...process.env, PORT: String(offeredPort), [TOKEN_VARIABLE]: token };
  const instance = await startInstance({
    program: programOf([...options.command], environment),
    folder: resolve('.'),
    environment,
    socket,
    ended: () => undefined,
  });
  const claim = (): Claim => ({ token, groups: [instance.group], sinceTicks: instance.generation.startTicks });
  const ours = trackOurs(claim, () => {
    warden.guard(claim());
  });
  try {
    const opened = (): Opened[] => openedBy(ours.look().processes).filter(({ port }) => port !== socketPort);
    const first = await untilOutcome(
      async () => {
        if (options.signal.aborted || hasEnded(instance, ours.look(true).processes.length)) return 'ended';
        if (opened().some(({ port }) => options.port === undefined || port === options.port)) return 'opened';
        if (socketPort !== undefined && (await isServed(socketPort))) return 'inherited';
        await delay(LOOK_EVERY_MS);
        return undefined;
      },
      OPENS_WITHIN_MS,
      options.signal,
    );
    if (first === 'inherited') return { kind: 'inherited' };
    if (first !== 'opened') {
      if (socket !== undefined && instance.ended !== undefined) return { kind: 'refused' };
      throw notOpened(instance, options, opened());
    }
    return await reachable(options, offeredPort, opened, instance);
  } finally {
    await killAll(ours, GONE_WITHIN_MS);
    instance.release();
    socket?.close();
  }
}

/** The port among those opened that is offered, asked for, or answers HTTP. */
async function reachable(
  { path, port: wanted }: SurveyOptions,
  offeredPort: number,
  opened: () => Opened[],
  instance: Instance,
): Promise<Seen> {
  const paths = [...new Set([...(path === undefined ? [] : [path]), ...PATHS])];
  const endMs = performance.now() + ANSWERS_WITHIN_MS;
  let problem: unknown;
  do {
    const chosen = opened().filter(({ port }) => wanted === undefined || port === wanted);
    const offered = chosen.filter(({ port }) => port === offeredPort);
    for (const { host, port } of offered.length > 0 ? offered : chosen) {
      try {
        const healthPath = await answeringPath(`http://${host}:${port}`, paths, 0);
        const heedsPort = wanted === undefined && port === offeredPort;
        return { kind: 'own', heedsPort, opened: { host, port }, healthPath };
      } catch (error) {
        problem = error;
      }
    }
    await delay(LOOK_EVERY_MS);
  } while (performance.now() < endMs && instance.ended === undefined);
  if (problem instanceof ZerodropError) {
    throw new ZerodropError(problem.code, problem.message, problem.hint, instance.output().slice(-LINES));
  }
  throw problem instanceof Error ? problem : new Error('no port was asked');
}

/** The first path that is healthy; asks all of them until `untilMs`, and at least once. */
async function answeringPath(origin: string, paths: readonly string[], untilMs: number): Promise<string> {
  let problem = '';
  do {
    for (const path of paths) {
      const { healthy, problem: wrong = '' } = await probe({ origin, path, timeoutMs: PROBE_MS });
      if (healthy) return path;
      problem = path === paths[0] ? wrong : problem;
    }
    if (performance.now() < untilMs) await delay(LOOK_EVERY_MS);
  } while (performance.now() < untilMs);
  throw new ZerodropError(
    'target-not-healthy',
    `No path of ${origin} answered with 200 to 399; GET ${paths[0]}: ${problem}.`,
    'Name a path that answers: zerodrop try --path /PATH.',
  );
}

const LINES = 5;

/** A command that ended with 0 may have left a daemon, which shows among its processes. */
const hasEnded = ({ ended }: Instance, processes: number): boolean =>
  ended !== undefined && (ended.by === 'signal' || ended.code !== 0 || processes === 0);

async function isServed(port: number): Promise<boolean> {
  const { healthy, problem = '' } = await probe({
    origin: `http://${HOST}:${port}`,
    path: '/',
    timeoutMs: LOOK_EVERY_MS * 4,
  });
  return healthy || problem.startsWith('status');
}

function notOpened(instance: Instance, { command, port }: SurveyOptions, opened: readonly Opened[]): ZerodropError {
  const lines = instance.output().slice(-LINES);
  const shown = command.join(' ');
  if (instance.ended !== undefined) {
    return new ZerodropError(
      'target-died-at-start',
      `"${shown}" ended ${exitText(instance.ended)} before it opened a port.`,
      lines.length === 0 ? 'Start it by hand to see why; it printed nothing.' : 'Its last output says why.',
      lines,
    );
  }
  const others = opened.map((one) => one.port).join(', ');
  const what = port === undefined ? 'no port' : `not port ${port}${others === '' ? '' : `, but ${others}`},`;
  return new ZerodropError(
    'target-not-healthy',
    `"${shown}" opened ${what} within ${OPENS_WITHIN_MS / 1000} s.`,
    port === undefined
      ? 'Start it in the foreground, with the address 127.0.0.1:${PORT} in its arguments if it does not read PORT.'
      : 'Leave out --port, or name the port that it opens.',
    lines,
  );
}
