/**
 * A child process of the traffic stage: lines go in on stdin, lines come out on stdout.
 *
 * Rule: its end is told once, in words, with the last lines that it wrote to stderr. Closing its stdin asks it to end;
 * one that does not is killed.
 */
import { spawn } from 'node:child_process';
import { entryPath } from '../model/entry.ts';
import { lineSplitter } from './lines.ts';

const LAST_LINES = 20;

export interface Child {
  /** -1 when it could not be started. */
  readonly pid: number;
  /** Resolves when the process is gone and all it said has been read, with how it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  /** Sends one JSON line. */
  send(message: unknown): void;
  /** Asks it to end and waits; kills it after `withinMs`. */
  end(withinMs: number): Promise<void>;
  kill(): void;
}

/** Starts the compiled module `module` (see entryPath) and calls `onLine` for each line that it sends. */
export function spawnChild(module: string, onLine: (line: string) => void): Child {
  const child = spawn(process.execPath, [entryPath(module)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lastLines: string[] = [];
  const keep = lineSplitter((line) => {
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  });
  child.stdout.setEncoding('utf8').on('data', lineSplitter(onLine));
  child.stderr.setEncoding('utf8').on('data', keep);
  // Its death is told by `ended`; a write that comes too late is no news.
  child.stdin.on('error', () => undefined);

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(`It could not be started: ${error.message}`);
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `It ended with exit code ${code}.` : `It was ended by ${signal}.`;
      resolve([how, ...lastLines].join('\n'));
    });
  });

  return {
    pid: child.pid ?? -1,
    ended,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    async end(withinMs) {
      child.stdin.end();
      const limit = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await ended;
      clearTimeout(limit);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
