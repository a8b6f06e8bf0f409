/**
 * A proxy that somebody else wrote, run as a front door.
 *
 * Rule: it leads a process group of its own, in a folder of its own; both are gone when it is closed. Whoever clears up
 * is told of the group at once.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../../../errors.ts';
import { groupLedBy, noteLeaderEnded } from '../../../processes/group.ts';
import { killAll } from '../../../processes/kill.ts';
import { trackOurs } from '../../../processes/ours.ts';
import { signalGroup } from '../../../processes/signal.ts';
import type { DoorPlace } from './embedded.ts';

const START_WITHIN_MS = 5000;
const END_WITHIN_MS = 2000;
const LAST_CHARACTERS = 2000;

export interface ProxyProcess {
  readonly pid: number;
  /** Sends a signal to its main process, if it lives. */
  signal(signal: NodeJS.Signals): void;
  readonly died: Promise<string>;
  close(): Promise<void>;
}

/** A folder for the files of a proxy, readable by nobody else. */
export function proxyFolder({ folder = tmpdir() }: Pick<DoorPlace, 'folder'>): string {
  return mkdtempSync(join(folder, 'zerodrop-front-'));
}

/**
 * Starts a proxy and waits until it listens. Rejects with ZerodropError `command-not-found` or `bad-scenario`; then
 * nothing of it is left.
 */
export async function startProxy(
  file: string,
  args: readonly string[],
  folder: string,
  { host, port, environment, spawned }: DoorPlace,
): Promise<ProxyProcess> {
  const env = { ...process.env, ...environment, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const group = groupLedBy(child.pid ?? -1);
  if (child.pid !== undefined) spawned?.(group);
  // Its workers may outlive it when it was killed.
  const ours = trackOurs(() => ({ groups: [group], sinceTicks: 0 }));
  let said = '';
  let closing = false;
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-LAST_CHARACTERS)));
  let die: (how: string) => void;
  const died = new Promise<string>((resolve) => {
    die = resolve;
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      noteLeaderEnded(group);
      if (!closing) {
        die(
          `The front door ${file} ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}: ${said.trim()}`,
        );
      }
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    signalGroup(child, signal);
  };
  const close = async (): Promise<void> => {
    closing = true;
    kill('SIGTERM');
    await Promise.race([exited, delay(END_WITHIN_MS, undefined, { ref: false })]);
    await killAll(ours, END_WITHIN_MS);
    await Promise.race([exited, delay(END_WITHIN_MS, undefined, { ref: false })]);
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = new Promise<'missing' | 'ended'>((resolve) => {
    child.once('error', () => {
      resolve('missing');
    });
    child.once('exit', () => {
      resolve('ended');
    });
  });
  const outcome = await Promise.race([failed, listens(host, port)]);
  if (outcome === 'listens') {
    return { pid: child.pid as number, signal: (signal) => void child.kill(signal), died, close };
  }
  closing = true;
  kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  if (outcome === 'missing') {
    throw new ZerodropError(
      'command-not-found',
      `The front door ${file} is not on PATH.`,
      `Install ${file}, or use fleet.front: embedded, which needs nothing.`,
    );
  }
  throw new ZerodropError(
    'bad-scenario',
    `The front door ${file} did not come to listen on ${host} port ${port}.`,
    'See what it said; fleet.front: embedded needs nothing.',
    said.split('\n').filter(Boolean).slice(-5),
  );
}

async function listens(host: string, port: number): Promise<'listens' | 'silent'> {
  const endMs = performance.now() + START_WITHIN_MS;
  while (performance.now() < endMs) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port });
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
      socket.once('close', () => {
        resolve(false);
      });
      socket.on('connect', () => socket.destroy());
    });
    if (connected) return 'listens';
    await delay(20, undefined, { ref: false });
  }
  return 'silent';
}
