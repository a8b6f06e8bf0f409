/**
 * The embedded front door as its owner uses it.
 *
 * Rule: a `route` has resolved only when the door's process has said that it acts on it.
 */
import { ZerodropError } from '../../../errors.ts';
import type { Group } from '../../../processes/group.ts';
import type { FrontDoor } from '../../../model/front.ts';
import type { FrontOptions } from '../../../model/fleet.ts';
import { newToken, startChild } from '../../../processes/child.ts';
import { FromDoor, type ToDoor } from './embedded-messages.ts';

const END_WITHIN_MS = 2000;
/** Longest wait for an answer, beyond what the question itself asks it to wait. */
const ANSWER_LIMIT_MS = 10_000;

type Request = ToDoor extends infer Message ? (Message extends ToDoor ? Omit<Message, 'id'> : never) : never;
type Answer = Extract<FromDoor, { id: number }>;

export interface DoorPlace {
  host: string;
  port: number;
  /** The run's token; default: a new one. */
  token?: string;
  /** Where a proxy may keep its files; default: the temporary folder. */
  folder?: string | undefined;
  /** More variables for the processes of a proxy. */
  environment?: Readonly<Record<string, string>> | undefined;
  /** Told of the process group of a proxy as soon as there is one. */
  spawned?: ((group: Group) => void) | undefined;
}

/** Starts the door. Rejects with ZerodropError `port-taken`. */
export async function openEmbedded(
  { host, port, token = newToken() }: DoorPlace,
  options: FrontOptions,
): Promise<FrontDoor> {
  const child = startChild({ module: 'targets/fleet/front/embedded-main', token, says: FromDoor });
  const chosen = new Map<number, string>();
  let lastId = 0;
  let closing = false;
  const died = new Promise<string>((resolve) => {
    void child.ended.then((how) => {
      if (!closing) resolve(`The embedded front door is gone. ${how}`);
    });
  });
  child.listen((message) => {
    if (message.kind === 'chosen') {
      message.ports.forEach((clientPort, at) => void chosen.set(clientPort, message.names[at] as string));
    }
  });
  /** Undefined when the door is gone, which `died` reports. One that does not answer in time is killed. */
  const ask = (request: Request, waitsMs = 0): Promise<Answer | undefined> => {
    const id = (lastId += 1);
    const isAnswer = (message: FromDoor): message is Answer => 'id' in message && message.id === id;
    return child.ask({ ...request, id }, isAnswer, waitsMs + ANSWER_LIMIT_MS).catch((error: unknown) => {
      child.lose((error as Error).message);
      return undefined;
    });
  };
  const close = (): Promise<void> => {
    closing = true;
    return child.end(END_WITHIN_MS);
  };

  const opened = await ask({ kind: 'open', host, port, options });
  const problem = opened === undefined ? await child.lost : opened.kind === 'opened' ? opened.problem : undefined;
  if (problem !== undefined) {
    await close();
    throw new ZerodropError(
      'port-taken',
      `The front door cannot listen on ${host} port ${port}: ${problem}`,
      'Run again; if it happens again, report it as a bug of zerodrop.',
    );
  }
  return {
    origin: `http://${host}:${port}`,
    died,
    async route(backends, afterMs = 0) {
      await ask({ kind: 'route', backends: [...backends], afterMs }, afterMs);
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
