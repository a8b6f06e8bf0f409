/**
 * A child process of ours (agent, pressure, front door, leaky server, warden) and the channel to it.
 *
 * Rule: it runs compiled code, carries the run's token, ends when its standard input does, and is killed when it does
 * not. Its death is reported once, in words, with the last lines that it wrote to standard error.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { z } from 'zod';
import { entryPath } from '../model/entry.ts';
import { openChannel, type Channel } from './channel.ts';
import { TOKEN_VARIABLE } from './ours.ts';
import { keepLastLines } from './output.ts';

export interface ChildOptions<Message> {
  /** The compiled module that it runs, see entryPath. */
  module: string;
  /** The run's token. */
  token: string;
  /** What it may say. */
  says: z.ZodType<Message>;
  /** Where it runs; default: here. */
  folder?: string;
}

/** The other end of a channel, wherever it runs, and its end. */
export interface Peer<Message> extends Channel<Message> {
  /** Asks it to end by hanging up, and waits; ends it by force after `withinMs`. */
  end(withinMs: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
  /** Resolves when it is gone and all that it said has been read, with how it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
}

export interface Child<Message> extends Peer<Message> {
  /** -1 when it could not be started. */
  readonly pid: number;
  /** From now on this process does not stay alive for it, but while `end` waits. */
  unref(): void;
}

/** A token for what belongs to no run. */
export function newToken(): string {
  return randomBytes(12).toString('hex');
}

/**
 * The token of our own processes. It is not the one of the target's: theirs are counted, and end with each session.
 */
export function ownToken(token: string): string {
  return `${token}.zerodrop`;
}

/** Starts a child, in a session of its own (priority.ts says why). One that sends what is no message is killed. */
export function startChild<Message>({ module, token, says, folder }: ChildOptions<Message>): Child<Message> {
  const child = spawn(process.execPath, [entryPath(module)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...process.env, [TOKEN_VARIABLE]: ownToken(token) },
  });
  const channel = openChannel({ input: child.stdout, output: child.stdin, says });
  const { lines } = keepLastLines([child.stderr]);
  const kill = (): void => void child.kill('SIGKILL');
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(`It could not be started: ${error.message}`);
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `It ended with exit code ${code}.` : `It was ended by ${signal}.`;
      resolve([how, ...lines()].join('\n'));
    });
  });
  void ended.then(channel.lose);
  void channel.lost.then(kill);

  return {
    ...channel,
    pid: child.pid ?? -1,
    ended,
    kill,
    unref() {
      child.unref();
      // Pipes of Node's, which its types call streams of any kind.
      for (const pipe of child.stdio) (pipe as Partial<Socket> | null)?.unref?.();
    },
    async end(withinMs) {
      child.ref();
      channel.hangUp();
      const limit = setTimeout(kill, withinMs);
      await ended;
      clearTimeout(limit);
    },
  };
}
