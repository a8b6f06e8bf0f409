import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openChannel, type Channel } from '../../src/processes/channel.ts';
import { newToken, ownToken, startChild } from '../../src/processes/child.ts';
import { FromLeaky } from '../../src/controls/leaky-messages.ts';
import { holders } from '../targets/process/stage.ts';

const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.int() }),
  z.object({ kind: z.literal('news'), text: z.string() }),
]);
type Message = z.output<typeof Message>;
type Answer = Extract<Message, { kind: 'answer' }>;

function opened(): { channel: Channel<Message>; input: PassThrough; output: PassThrough } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { channel: openChannel({ input, output, says: Message }), input, output };
}

const answers =
  (id: number) =>
  (message: Message): message is Answer =>
    message.kind === 'answer' && message.id === id;

describe('a channel', () => {
  it('gives each question its own answer, in whatever order they come, and hands on the rest', async () => {
    const { channel, input, output } = opened();
    const news: string[] = [];
    channel.listen((message) => news.push(message.kind === 'news' ? message.text : `answer ${message.id}`));
    const both = Promise.all([1, 2].map((id) => channel.ask({ kind: 'ask', id }, answers(id), 60_000)));
    expect(String(output.read())).toBe('{"kind":"ask","id":1}\n{"kind":"ask","id":2}\n');
    input.write('{"kind":"answer","id":2}\n{"kind":"news","text":"hel');
    input.write('lo"}\n{"kind":"answer","id":1}\n{"kind":"answer","id":1}\n');
    expect((await both).map(({ id }) => id)).toEqual([1, 2]);
    expect(news).toEqual(['hello', 'answer 1']);
  });

  it('limits the wait for an answer, and takes one that comes too late for news', async () => {
    const { channel, input } = opened();
    const news: Message[] = [];
    channel.listen((message) => news.push(message));
    await expect(channel.ask({ kind: 'ask' }, answers(1), 5)).rejects.toThrow('did not answer "ask" within 5 ms');
    input.write('{"kind":"answer","id":1}\n');
    await expect.poll(() => news).toEqual([{ kind: 'answer', id: 1 }]);
  });

  it.each([
    ['not JSON', '{"kind":"ans', 'not JSON'],
    ['no message', '{"kind":"answer","id":"one"}', 'not a message'],
    ['of an unknown kind', '{"kind":"other"}', 'not a message'],
    ['no object', '7', 'not a message'],
  ])('is lost with a line that is %s, and fails every question from then on', async (_, line, reason) => {
    const { channel, input } = opened();
    const asked = expect(channel.ask({ kind: 'ask' }, answers(1), 60_000)).rejects.toThrow(reason);
    input.write(`${line}\n{"kind":"answer","id":1}\n`);
    await asked;
    expect(await channel.lost).toContain(line);
    await expect(channel.ask({ kind: 'ask' }, answers(1), 60_000)).rejects.toThrow(reason);
  });

  it('is lost once, for the first reason', async () => {
    const { channel } = opened();
    channel.lose('first');
    channel.lose('second');
    expect(await channel.lost).toBe('first');
  });

  it('is lost when the other side has stopped reading', async () => {
    const { channel } = opened();
    const text = 'x'.repeat(64 * 1024 * 1024);
    for (let times = 0; times < 5; times += 1) channel.send({ kind: 'news', text });
    expect(await channel.lost).toMatch(/stopped reading: \d+ bytes/);
  });
});

describe('a child', () => {
  it('carries a token of the run, answers, and is gone when its owner hangs up', async () => {
    const token = newToken();
    const child = startChild({ module: 'controls/leaky-main', token, says: FromLeaky });
    const { port } = await child.ask(
      { kind: 'open', plan: { leaks: ['closed'], share: 0 } },
      (answer): answer is Extract<FromLeaky, { kind: 'open' }> => answer.kind === 'open',
      10_000,
    );
    expect(port).toBeGreaterThan(0);
    expect(holders(ownToken(token))).toEqual([child.pid]);
    await child.end(10_000);
    expect(await child.ended).toBe('It ended with exit code 0.');
    expect(holders(ownToken(token))).toEqual([]);
  });

  it('that is sent what is no message ends with its stack, which is reported', async () => {
    const child = startChild({ module: 'controls/leaky-main', token: newToken(), says: FromLeaky });
    await expect(child.ask({ kind: 'nonsense' }, (_): _ is FromLeaky => true, 10_000)).rejects.toThrow(
      /exit code 1[\s\S]*not a message: \{"kind":"nonsense"\}/,
    );
  });

  it('that cannot be started says so', async () => {
    const child = startChild({ module: 'no/such-module', token: newToken(), says: FromLeaky });
    await expect(child.ask({ kind: 'open' }, (_): _ is FromLeaky => true, 10_000)).rejects.toThrow(
      /exit code 1[\s\S]*Cannot find module/,
    );
  });
});
