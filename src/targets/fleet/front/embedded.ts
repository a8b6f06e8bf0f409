/**
 * The embedded front door as its owner uses it.
 *
 * Rule: a `route` has resolved only when the door's process has said that it acts on it.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ZerodropError } from '../../../errors.ts';
import { entryPath } from '../../../model/entry.ts';
import type { FrontDoor } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';
import type { FromDoor, ToDoor } from './embedded-messages.ts';

const END_WITHIN_MS = 2000;

type Request = ToDoor extends infer Message ? (Message extends ToDoor ? Omit<Message, 'id'> : never) : never;
type Answer = Extract<FromDoor, { id: number }>;

export interface DoorPlace {
  host: string;
  port: number;
  /** Where a proxy may keep its files; default: the temporary folder. */
  folder?: string | undefined;
  /** More variables for the processes of a proxy. */
  environment?: Readonly<Record<string, string>> | undefined;
  /** Told of the process group of a proxy as soon as there is one. */
  spawned?: ((group: number) => void) | undefined;
}

/** Starts the door. Rejects with ZerodropError `port-taken`. */
export async function openEmbedded({ host, port }: DoorPlace, options: FrontOptions): Promise<FrontDoor> {
  const child = spawn(process.execPath, [entryPath('targets/fleet/front/embedded-main')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  const chosen = new Map<number, string>();
  let lastId = 0;
  let closing = false;
  let die: (how: string) => void;
  const died = new Promise<string>((resolve) => {
    die = resolve;
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!closing) {
        die(`The embedded front door ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}.`);
      }
      resolve();
    });
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as FromDoor;
    if (message.kind === 'chosen') {
      return message.ports.forEach((clientPort, at) => void chosen.set(clientPort, message.names[at] as string));
    }
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  const ask = (request: Request): Promise<Answer | undefined> => {
    const id = (lastId += 1);
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    // Who waits for an answer shall not wait for a dead one.
    return Promise.race([answer, exited.then(() => undefined)]);
  };
  const close = async (): Promise<void> => {
    closing = true;
    child.stdin.end();
    const limit = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    await exited;
    clearTimeout(limit);
  };

  const opened = await ask({ kind: 'open', host, port, options });
  if (opened?.kind !== 'opened' || opened.problem !== undefined) {
    await close();
    throw new ZerodropError(
      'port-taken',
      `The front door cannot listen on ${host} port ${port}${opened?.kind === 'opened' ? `: ${opened.problem}` : ''}.`,
      'Run again; if it happens again, report it as a bug of zerodrop.',
    );
  }
  return {
    origin: `http://${host}:${port}`,
    died,
    async route(backends, afterMs = 0) {
      await ask({ kind: 'route', backends, afterMs });
    },
    async counts() {
      const answer = await ask({ kind: 'counts' });
      return answer?.kind === 'counts' ? answer.counts : [];
    },
    // Given to nobody is told as no name.
    chosenFor: (clientPort) => chosen.get(clientPort) || undefined,
    portsOf: (backend) => [...chosen].flatMap(([clientPort, name]) => (name === backend ? [clientPort] : [])),
    close,
  };
}
