import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Exit } from '../../src/model/event.ts';
import { runCommand } from '../../src/processes/run-command.ts';
import { openOutlet } from '../../src/processes/outlet.ts';
import { stagedTarget, SERVERS } from '../targets/process/stage.ts';

const shell = async (text: string): Promise<{ exit: Exit; lines: string[] }> =>
  runCommand({ command: { shell: text }, folder: '.', environment: process.env });

describe('where a process writes', () => {
  it('can be opened by its path, again and again, and keeps the order of the lines', async () => {
    const { exit, lines } = await shell(
      'echo a > /dev/stderr; echo b >&2; echo c > /dev/stdout; echo d; echo e >> /proc/self/fd/2',
    );
    expect(exit).toMatchObject({ by: 'code', code: 0 });
    expect(lines).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('never fills up', async () => {
    const { exit, lines } = await shell('yes "a line of some length" | head -n 400000; echo the end');
    expect(exit).toMatchObject({ by: 'code', code: 0 });
    expect(lines).toHaveLength(50);
    expect(lines.at(-1)).toBe('the end');
  });

  it('is given back when it is not used', async () => {
    const outlet = await openOutlet();
    if (outlet === undefined) throw new Error('mkfifo is missing');
    const closed = once(outlet.stream, 'close');
    outlet.close();
    await closed;
  });

  it('is read in a target', async () => {
    const { target } = await stagedTarget({
      command: { shell: `echo starting > /dev/stderr; exec ${process.execPath} ${SERVERS}dies.mjs` },
    });
    await expect(target.startFirst()).rejects.toMatchObject({
      code: 'target-died-at-start',
      details: ['starting', 'cannot read config.json'],
    });
  });
});

describe('children that nobody waits for', () => {
  it('are seen as long as their parent lives', async () => {
    // The shell starts a child and becomes another program, which knows nothing of it.
    const { target } = await stagedTarget({
      command: { shell: `true & exec ${process.execPath} ${SERVERS}plain.mjs` },
    });
    await target.startFirst();
    await expect.poll(() => target.zombies()).toHaveLength(1);
    expect(target.leftovers()).toEqual([]);
  });
});
