/**
 * The other side of child.ts: what a child process of ours does with its standard streams.
 *
 * Rule: it never outlives its owner. The end of its standard input, for whatever reason, ends it. Ctrl-C reaches every
 * process of a terminal, and a CI that cancels signals a whole group; the owner decides what it means, so both are
 * ignored here.
 */
import type { z } from 'zod';
import { openChannel } from './channel.ts';

export interface Service<Message> {
  /** What the owner may say. */
  hears: z.ZodType<Message>;
  /** A rejection is a bug of ours: Node ends the process with its stack, which the owner reports. */
  obey(message: Message): void | Promise<void>;
  /** Called at the end of standard input; ends the process at once unless given. */
  ended?(): void;
}

/** Serves the owner of this process. Returns how to speak to it. */
export function serveOwner<Message>({ hears, obey, ended }: Service<Message>): (message: object) => void {
  const leave = (): void => process.exit(0);
  let isOver = false;
  const hungUp = (): void => {
    if (!isOver) (ended ?? leave)();
    isOver = true;
  };
  const channel = openChannel({ input: process.stdin, output: process.stdout, says: hears });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdout.on('error', leave);
  process.stdin.on('end', hungUp).on('error', hungUp);
  channel.listen((message) => void obey(message));
  void channel.lost.then((reason) => {
    throw new Error(`The owner of this process: ${reason}`);
  });
  return channel.send;
}
