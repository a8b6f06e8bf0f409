/**
 * A channel to another process: NDJSON over any pair of byte streams, such as the pipes of a child process or a
 * connection to another machine.
 *
 * Rule: what comes in is unknown until the schema has checked it, and every question has a limit. A channel is lost
 * once, with a reason: because a line was no message, because the other side has stopped reading, or because the owner
 * of the streams says so. From then on nothing is heard, and every question fails with that reason.
 */
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { lineSplitter } from './lines.ts';

/** More than this unread, and the other side is as good as gone. */
const MOST_UNREAD_BYTES = 256 * 1024 * 1024;
const LONGEST_QUOTE = 200;

export interface ChannelOptions<Message> {
  input: Readable;
  output: Writable;
  /** What the other side may say. */
  says: z.ZodType<Message>;
}

export interface Channel<Message> {
  /** Hands on every message that answers no question. Nothing is read before `listen` or the first `ask`. */
  listen(take: (message: Message) => void): void;
  /** Never waits: what the other side has not read yet is kept in memory, up to a limit. */
  send(message: object): void;
  /** Asks and resolves with the first message that is the answer. Rejects when none comes in time or it is lost. */
  ask<Answer extends Message>(
    question: { readonly kind: string; readonly [field: string]: unknown },
    isAnswer: (message: Message) => message is Answer,
    withinMs: number,
  ): Promise<Answer>;
  /** Says that nothing more will be sent. */
  hangUp(): void;
  /** Ends it on this side with a reason; only the first one counts. */
  lose(reason: string): void;
  /** Resolves with the reason when it is lost. Never rejects. */
  readonly lost: Promise<string>;
}

interface Question<Message> {
  take(message: Message): boolean;
  fail(reason: string): void;
}

/** Opens a channel. The end of the streams is for their owner to notice, who then calls `lose`. */
export function openChannel<Message>({ input, output, says }: ChannelOptions<Message>): Channel<Message> {
  const questions = new Set<Question<Message>>();
  let hand = (_: Message): void => undefined;
  let reasonOfLoss: string | undefined;
  let flowing = false;
  let tellLoss!: (reason: string) => void;
  const lost = new Promise<string>((resolve) => (tellLoss = resolve));

  function lose(reason: string): void {
    if (reasonOfLoss !== undefined) return;
    reasonOfLoss = reason;
    for (const question of questions) question.fail(reason);
    questions.clear();
    tellLoss(reason);
  }

  function hear(line: string): void {
    if (reasonOfLoss !== undefined) return;
    const message = messageIn(line);
    if (message === undefined) return;
    for (const question of questions) {
      if (!question.take(message)) continue;
      questions.delete(question);
      return;
    }
    hand(message);
  }

  function messageIn(line: string): Message | undefined {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      lose(`It sent a line that is not JSON: ${line.slice(0, LONGEST_QUOTE)}`);
      return undefined;
    }
    const read = says.safeParse(json);
    if (read.success) return read.data;
    lose(`It sent a line that is not a message: ${line.slice(0, LONGEST_QUOTE)}\n${read.error.message}`);
    return undefined;
  }

  function flow(): void {
    if (flowing) return;
    flowing = true;
    input.setEncoding('utf8').on('data', lineSplitter(hear));
  }

  function send(message: object): void {
    if (reasonOfLoss !== undefined || output.writableEnded) return;
    output.write(`${JSON.stringify(message)}\n`);
    if (output.writableLength > MOST_UNREAD_BYTES) {
      lose(`It has stopped reading: ${output.writableLength} bytes wait for it.`);
    }
  }

  // A write that comes too late is no news: the end of the other side is noticed by the owner of the streams.
  output.on('error', () => undefined);

  return {
    lost,
    lose,
    send,
    listen(take) {
      hand = take;
      flow();
    },
    ask(question, isAnswer, withinMs) {
      return new Promise((resolve, reject) => {
        if (reasonOfLoss !== undefined) return reject(new Error(reasonOfLoss));
        const limit = setTimeout(() => {
          questions.delete(entry);
          reject(new Error(`It did not answer "${question.kind}" within ${withinMs} ms.`));
        }, withinMs);
        const entry: Question<Message> = {
          take(message) {
            if (!isAnswer(message)) return false;
            clearTimeout(limit);
            resolve(message);
            return true;
          },
          fail(reason) {
            clearTimeout(limit);
            reject(new Error(reason));
          },
        };
        questions.add(entry);
        flow();
        send(question);
      });
    },
    hangUp: () => void output.end(),
  };
}
