/**
 * The owner's side of the leaky server's process.
 *
 * Rule: it is gone when `close` resolves; every wait has a limit.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { entryPath } from '../model/entry.ts';
import { OUTCOMES } from '../model/outcome.ts';
import type { LeakPlan } from './leaks.ts';
import type { Tally } from './leaky-server.ts';

export interface LeakyProcess {
  readonly pid: number;
  /** Such as http://127.0.0.1:4711 */
  readonly origin: string;
  /** What it has done so far, by its own count. Rejects when it is gone. */
  tally(): Promise<Tally>;
  close(): Promise<void>;
}

const ANSWER_LIMIT_MS = 10_000;
const Port = z.object({ port: z.int() });
const Told = z.object({ tally: z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative()) });

/** Starts the server. Rejects when it cannot be started. */
export async function startLeakyServer(plan: LeakPlan): Promise<LeakyProcess> {
  const child = spawn(process.execPath, [entryPath('controls/leaky-main'), JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new AbortController();
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      gone.abort(new Error('the leaky server has ended early'));
      resolve();
    };
    child.once('error', end).once('close', end);
  });
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout });
  const line = async (): Promise<unknown> => {
    const [text] = (await once(lines, 'line', {
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
    })) as [string];
    return JSON.parse(text);
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    const limit = setTimeout(() => child.kill('SIGKILL'), ANSWER_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  };
  try {
    const { port } = Port.parse(await line());
    return {
      pid: child.pid ?? -1,
      origin: `http://127.0.0.1:${port}`,
      async tally() {
        const told = line();
        child.stdin.write('tally\n');
        return Told.parse(await told).tally;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
