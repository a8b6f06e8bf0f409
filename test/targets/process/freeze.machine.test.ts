import { describe, expect, it } from 'vitest';
import { processOf } from '../../../src/processes/proc.ts';
import { SERVERS, stagedTarget } from './stage.ts';

const stateOf = (pid: number): string | undefined => processOf(pid)?.state;
const target = { command: [process.execPath, `${SERVERS}plain.mjs`] };

describe('freezing', () => {
  it('lets the target go on right after the signal', async () => {
    const staged = await stagedTarget(target);
    await staged.target.startFirst();
    const pid = (await staged.target.begin()).instances[0]?.process as number;
    await staged.target.freeze(50);
    expect(stateOf(pid)).toBe('T');
    const exit = await staged.target.stop(undefined, undefined, 5000);
    expect(exit).toEqual({ by: 'code', code: 0, forced: false });
    await staged.target.start('own');
    await staged.target.ready(1, 5000);
    await staged.target.serving();
  });

  it('lets it go on by itself when no signal follows', async () => {
    const staged = await stagedTarget(target);
    await staged.target.startFirst();
    const pid = (await staged.target.begin()).instances[0]?.process as number;
    await staged.target.freeze(30);
    await expect.poll(() => stateOf(pid)).not.toBe('T');
    await staged.target.serving();
  });
});
