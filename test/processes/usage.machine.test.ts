/** Whose processor time counts as ours: that of marked processes and of all below us, the ended ones too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openUsage } from '../../src/processes/usage.ts';

/** Works for so many ms of processor time, then waits for the end of its input. */
const WORKER = `const until = process.cpuUsage().user + Number(process.argv[1]) * 1000;
while (process.cpuUsage().user < until);
process.stdout.write('done'); process.stdin.resume();`;

describe('the time that we used', () => {
  it('holds what a child of ours used, while it lives and when it has ended', async () => {
    const used = openUsage(`ZERODROP_TEST=${randomUUID()}`);
    const before = used();
    const child = spawn(process.execPath, ['-e', WORKER, '300'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(used() - before).toBeGreaterThanOrEqual(29);
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
    expect(used() - before).toBeGreaterThanOrEqual(29);
  });

  it('holds that of a marked process wherever it stands, and of no stranger', async () => {
    const mark = randomUUID();
    const environment = { ...process.env, ZERODROP_TEST: mark };
    const child = spawn(process.execPath, ['-e', WORKER, '300'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // As one who is not above it: no process has this number.
    const [asOwner, asStranger] = [
      openUsage(`ZERODROP_TEST=${mark}`, -1),
      openUsage(`ZERODROP_TEST=${randomUUID()}`, -1),
    ];
    await once(child.stdout, 'data');
    expect(asOwner()).toBeGreaterThanOrEqual(29);
    expect(asStranger()).toBe(0);
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
  });
});
