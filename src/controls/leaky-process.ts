/**
 * The owner's side of the leaky server's process.
 *
 * Rule: it is gone when `close` resolves; every wait has a limit.
 */
import { newToken, startChild } from '../processes/child.ts';
import { FromLeaky, type ToLeaky } from './leaky-messages.ts';
import type { LeakPlan } from './leaks.ts';
import type { Tally } from './leaky-server.ts';

export interface LeakyProcess {
  readonly pid: number;
  /** Such as http://127.0.0.1:4711 */
  readonly origin: string;
  /** https: what a client must trust, as PEM. */
  readonly ca: string | undefined;
  /** What it has done so far, by its own count. Rejects when it is gone. */
  tally(): Promise<Tally>;
  close(): Promise<void>;
}

const ANSWER_LIMIT_MS = 10_000;

/** Starts the server. Rejects when it cannot be started. */
export async function startLeakyServer(plan: LeakPlan, token = newToken()): Promise<LeakyProcess> {
  const child = startChild({ module: 'controls/leaky-main', token, says: FromLeaky });
  const ask = <K extends FromLeaky['kind']>(
    question: ToLeaky & { kind: K },
  ): Promise<Extract<FromLeaky, { kind: K }>> =>
    child
      .ask(
        question,
        (answer): answer is Extract<FromLeaky, { kind: K }> => answer.kind === question.kind,
        ANSWER_LIMIT_MS,
      )
      .catch((error: unknown) => {
        throw new Error(`The leaky server failed. ${(error as Error).message}`);
      });
  const close = (): Promise<void> => child.end(ANSWER_LIMIT_MS);
  try {
    const { port, ca } = await ask({ kind: 'open', plan });
    return {
      pid: child.pid,
      origin: `${ca === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
      ca,
      tally: async () => (await ask({ kind: 'tally' })).tally,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
