/**
 * Whether a signal reached the server, where another process stands between it and whoever sends it: npm, go run, a
 * shell script, a wrapper in Python.
 *
 * Rule: told by what the processes did, never by their names. The server is the process below the signalled one that
 * serves the port; it did not get the signal when it serves new connections as before, although the signalled one has
 * ended, or was given its time.
 */
import { constants, tmpdir } from 'node:os';
import { isSeenAccepting } from '../../processes/accepting.ts';
import { heldBy } from '../../processes/accepted.ts';
import { linkOf } from '../../processes/listeners.ts';
import {
  below,
  commandLineOf,
  dispositionIn,
  generationOf,
  isAlive,
  isFirstIn,
  textOf,
  type Generation,
} from '../../processes/proc.ts';
import { probeOnce, type State } from './state.ts';

/** A signal to a process that has the server below it. */
export interface WrappedSignal {
  signal: NodeJS.Signals;
  /** The process that it was sent to. */
  wrapper: Generation & { command: string };
  server: Generation & { command: string };
}

/** Who stands between, when a signal is about to be sent to `main`; undefined when `main` is the server itself. */
export function wrappedSignal(state: State, main: Generation, signal: NodeJS.Signals): WrappedSignal | undefined {
  const { processes, owners, inodes } = state.ours.look(true);
  const accepting = owners.filter(({ pid }) => isSeenAccepting(pid, inodes));
  // An inherited socket is held by everybody on the way to the server, too.
  const servers = accepting.length > 0 ? accepting : owners;
  if (servers.some(({ pid }) => pid === main.pid)) return undefined;
  const lower = below(processes, new Set([main.pid]));
  const server = servers.find(({ pid }) => lower.some((process) => process.pid === pid));
  if (server === undefined) return undefined;
  return {
    signal,
    wrapper: { ...main, command: commandLineOf(main.pid) },
    server: { ...generationOf(server), command: commandLineOf(server.pid) },
  };
}

/** Writes it down when the server never got the signal. To be called before anything is killed. */
export async function tellNotPassed(state: State, wrapped: WrappedSignal): Promise<boolean> {
  const { signal, wrapper, server } = wrapped;
  if (!(await servesOn(state, server))) return false;
  const ended = !isAlive(wrapper);
  state.chronicle.fact({
    code: 'signal-not-passed',
    message:
      `${signal} went to ${wrapper.pid} (${wrapper.command}), which ` +
      (ended
        ? `ended; its child ${server.pid} (${server.command}) never got it and went on serving`
        : `did not end; its child ${server.pid} (${server.command}) went on serving as if it had not got it`),
    hint: cureFor(wrapped, state.setting.endpoint?.port),
  });
  return true;
}

async function servesOn(state: State, server: Generation): Promise<boolean> {
  if (!isAlive(server)) return false;
  const { inodes } = state.ours.look(true);
  const holds = heldBy(server, inodes).length > 0;
  if (!holds || isSeenAccepting(server.pid, inodes)) return holds;
  // A server that waits with poll or select shows no sign of it, but answers; a successor would answer for it.
  return state.restart.successor === undefined && (await probeOnce(state)).healthy;
}

function cureFor({ signal, server: { pid } }: WrappedSignal, port: number | undefined): string {
  const program = linkOf(`/proc/${pid}/exe`);
  const cure = program.startsWith(`${tmpdir()}/`)
    ? 'Build the program once with target.build (such as go build -o server), and start what was built in ' +
      'target.command, without the wrapper.'
    : `Write command: ${commandFor(pid, port)}, or exec before it in the script that starts it.`;
  const deaf = deafnessOf(pid, signal);
  return deaf === undefined ? cure : `${cure} ${deaf}`;
}

/** The command of a running process as a scenario would have it. */
function commandFor(pid: number, port: number | undefined): string {
  const words = textOf(`/proc/${pid}/cmdline`).split('\0').slice(0, -1);
  const written = words.map((word) =>
    port === undefined ? word : word.replaceAll(new RegExp(`(?<!\\d)${port}(?!\\d)`, 'g'), '${PORT}'),
  );
  return written.every((word) => /^[^\s"'#]+$/.test(word)) ? written.join(' ') : JSON.stringify(written);
}

/** Why a process does not hear a signal, and what to do; undefined when it handles it, or would be ended by it. */
export function deafnessOf(pid: number, signal: NodeJS.Signals): string | undefined {
  const status = textOf(`/proc/${pid}/status`);
  const disposition = dispositionIn(status, constants.signals[signal]);
  if (disposition === 'ignored') {
    return (
      `Process ${pid} ignores ${signal}: let it handle that signal, or name the one that it expects in ` +
      'target.stop_signal.'
    );
  }
  if (disposition === 'handled' || !isFirstIn(status)) return undefined;
  return (
    `Process ${pid} is process 1 of its container and has no handler for ${signal}, which the kernel then drops: let ` +
    'it handle that signal, or start it under an init (docker run --init, tini).'
  );
}
