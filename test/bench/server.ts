/**
 * The owner's side of the truth server's process (servers/truth.mjs).
 *
 * Rule: it is gone when `close` resolves, and with its owner.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What the server is to do: so many faults of each kind, spread over so many requests. */
export interface Truth {
  faults: Readonly<Record<string, number>>;
  requests: number;
  /** Note when each request was read, to hold it against this rate. */
  stampRatePerSecond?: number;
}

const Told = z.object({
  requests: z.int(),
  acts: z.record(z.string(), z.int()),
  /** How far behind the steady rate its requests came, the earliest being on time. */
  behind: z.object({ p50Ms: z.number(), p99Ms: z.number() }).optional(),
});
export type Told = z.output<typeof Told>;

export interface TruthServer {
  readonly pid: number;
  readonly url: string;
  /** What it has done so far, by its own count. */
  told(): Promise<Told>;
  close(): Promise<void>;
}

export async function startTruth(truth: Truth): Promise<TruthServer> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('servers/truth.mjs', import.meta.url)), JSON.stringify(truth)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const line = async (): Promise<unknown> =>
    JSON.parse(((await once(lines, 'line', { signal: AbortSignal.timeout(30_000) })) as [string])[0]);
  const { port } = z.object({ port: z.int() }).parse(await line());
  return {
    pid: child.pid ?? -1,
    url: `http://127.0.0.1:${port}/`,
    async told() {
      const answer = line();
      child.stdin.write('\n');
      return Told.parse(await answer);
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
