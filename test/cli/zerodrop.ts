/**
 * Runs the command line as a user does, in a folder of its own, and tells what it left behind.
 *
 * Rule: every process that the run starts inherits a mark in its environment, so that leftovers are found even when
 * they have left their parent, group and session.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { constants, gunzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { entryPath } from '../../src/model/entry.ts';
import { leftoversOf, markedProcesses } from '../processes.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Sandbox {
  folder: string;
  /** Writes a file into the folder and returns its path. */
  file(name: string, content: string | object): string;
  /** Runs zerodrop with these words. */
  zerodrop(...args: string[]): Promise<Ended>;
  /** As `zerodrop`, without waiting. `restarted` resolves when the first restart is over and written down. */
  start(...args: string[]): {
    child: ChildProcess;
    ended: Promise<Ended>;
    printed(text: string): Promise<void>;
    restarted(): Promise<void>;
  };
  /** Pid and command line of each process of this sandbox. */
  processes(): string[];
  /** Command lines of processes that are still there; waits for them to go, for some seconds at most. */
  leftovers(): Promise<string[]>;
  remove(): void;
}

/** `prefix`: a command that runs the rest of its words, such as `sh -c 'ulimit ...; exec "$@"' sh`. */
export function sandbox(prefix: readonly string[] = []): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-cli-'));
  const mark = randomUUID();
  const start: Sandbox['start'] = (...args) => {
    const child = spawn(
      prefix[0] ?? process.execPath,
      [...prefix.slice(1), ...(prefix.length > 0 ? [process.execPath] : []), entryPath('cli'), ...args],
      {
        cwd: folder,
        env: { ...process.env, ZERODROP_TEST_MARK: mark, NO_COLOR: '1', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
    const printed = async (text: string): Promise<void> => {
      while (!(stdout + stderr).includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without printing ${text}: ${stdout}${stderr}`);
        await delay(20);
      }
    };
    const restarted = async (): Promise<void> => {
      while (!hasRestarted(join(folder, 'reports'))) {
        if (child.exitCode !== null) throw new Error(`ended without a restart: ${stdout}${stderr}`);
        await delay(20);
      }
    };
    return { child, ended, printed, restarted };
  };
  return {
    folder,
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, typeof content === 'string' ? content : stringify(content));
      return path;
    },
    start,
    processes: () => markedProcesses(mark).map(textOf),
    zerodrop: (...args) => start(...args).ended,
    leftovers: async () => (await leftoversOf(mark)).map(textOf),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The log is flushed to disk as soon as a restart has settled. */
function hasRestarted(reports: string): boolean {
  if (!existsSync(reports)) return false;
  const files = readdirSync(reports, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('events.ndjson.gz'),
  );
  return files.some((file) => {
    const written = gunzipSync(readFileSync(join(reports, file)), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    return /"kind":"restart"[^\n]*"settled"/.test(written);
  });
}

const textOf = ({ pid, command }: { pid: number; command: string }): string => `${pid}: ${command}`;
