/**
 * One scenario run once, through the command line as a user would.
 *
 * Rule: whatever happens, nothing of it is left running when this returns; what had to be ended here is told.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryPath } from '../../src/model/entry.ts';
import type { Result } from '../../src/model/result.ts';
import { leftoversOf, markedProcesses } from '../processes.ts';
import { openCpuAccount } from './cpu-account.ts';
import type { Entry } from './entries.ts';
import { FIXTURES } from './fixtures.ts';
import { watchMachine, type Met } from './met.ts';

export interface Attempt {
  entry: Entry;
  tookMs: number;
  exitCode: number | null;
  /** Absent when there was nothing to judge. */
  result?: Result;
  /** The folder of the run. */
  folder?: string;
  /** What stood on the terminal. */
  output: string;
  overBudget: boolean;
  /** Command lines of the processes that it left running. */
  leftovers: string[];
  /** The load of the machine meanwhile. */
  met: Met;
  /** Of zerodrop and all that it started; absent unless it was asked for and could be measured. */
  cpuSeconds?: number;
}

export interface AttemptOptions {
  /** Where the runs go. */
  outDir: string;
  budgetMs: number;
  /** More words for `zerodrop run`. */
  words?: readonly string[];
  signal?: AbortSignal;
  /** Whether its processor time is wanted. */
  weigh?: boolean;
}

/** From the request to end until SIGKILL. */
const GRACE_MS = 20_000;

/** Runs a scenario with `--expect`. */
export async function attemptOf(
  entry: Entry,
  { outDir, budgetMs, words = [], signal, weigh = false }: AttemptOptions,
): Promise<Attempt> {
  const startedMs = performance.now();
  const metUntilNow = watchMachine();
  const mark = randomUUID();
  const environment = { ...process.env, ZERODROP_TEST_MARK: mark, NO_COLOR: '1' };
  const runs = join(outDir, entry.name);
  mkdirSync(runs, { recursive: true });
  const fixture = await FIXTURES[entry.name]?.(entry, runs, environment);
  const account = weigh ? openCpuAccount(mark) : undefined;
  const inside = account?.inside ?? ((all: readonly string[]) => all);
  try {
    const ended = await zerodrop(
      inside([
        process.execPath,
        entryPath('cli'),
        ...['run', fixture?.file ?? entry.file, '--expect', '--quiet', '--out-dir', runs, ...words],
      ]),
      { environment, budgetMs, mark, signal },
    );
    const met = metUntilNow();
    const cpuSeconds = account?.seconds();
    const folder = newestIn(join(runs, entry.scenario.name));
    const json = folder === undefined ? undefined : join(folder, 'result.json');
    return {
      entry,
      ...ended,
      met,
      ...(cpuSeconds === undefined ? {} : { cpuSeconds }),
      ...(json !== undefined && existsSync(json)
        ? { folder: folder as string, result: JSON.parse(readFileSync(json, 'utf8')) as Result }
        : {}),
      leftovers: await endAll(mark, fixture),
      tookMs: performance.now() - startedMs,
    };
  } finally {
    await endAll(mark, fixture);
    account?.close();
  }
}

interface Ended {
  exitCode: number | null;
  output: string;
  overBudget: boolean;
}

/** Runs the command line in a process group of its own, so that an interrupt reaches it once and from here. */
async function zerodrop(
  [file = '', ...words]: readonly string[],
  {
    environment,
    budgetMs,
    mark,
    signal,
  }: { environment: NodeJS.ProcessEnv; budgetMs: number; mark: string; signal: AbortSignal | undefined },
): Promise<Ended> {
  const child = spawn(file, words, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let overBudget = false;
  let killing: NodeJS.Timeout | undefined;
  const end = (): void => {
    if (killing !== undefined) return;
    child.kill('SIGINT');
    killing = setTimeout(() => kill(mark), GRACE_MS);
  };
  const budget = setTimeout(() => {
    overBudget = true;
    end();
  }, budgetMs);
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  signal?.removeEventListener('abort', end);
  clearTimeout(budget);
  clearTimeout(killing);
  return { exitCode, output, overBudget };
}

/** Ends the service and whatever else is left. Returns what was left over of the run itself. */
async function endAll(mark: string, fixture: { stop(): Promise<void> } | undefined): Promise<string[]> {
  await fixture?.stop();
  const left = await leftoversOf(mark);
  kill(mark);
  return left.map(({ command }) => command);
}

function kill(mark: string): void {
  for (const { pid } of markedProcesses(mark)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function newestIn(folder: string): string | undefined {
  const newest = existsSync(folder) ? readdirSync(folder).toSorted().at(-1) : undefined;
  return newest === undefined ? undefined : join(folder, newest);
}
