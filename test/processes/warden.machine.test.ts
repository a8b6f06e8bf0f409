import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answering, holders, SERVERS } from '../targets/process/stage.ts';

const OWNER = new URL('owner.mjs', import.meta.url).pathname;

describe('the warden', () => {
  // daemon.mjs leaves group, session and environment: only its port tells that it is ours.
  it.each(['plain.mjs', 'cluster.mjs', 'daemon.mjs'])(
    'ends everything after its owner was killed (%s)',
    async (server) => {
      const token = randomBytes(8).toString('hex');
      const owner = spawn(process.execPath, [OWNER, token, `${SERVERS}${server}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(owner.stdout, 'data')) as [Buffer];
      const { warden, origin, scratch } = JSON.parse(String(line)) as {
        warden: number;
        origin: string;
        scratch: string;
      };
      expect(existsSync(scratch)).toBe(true);
      expect(await answering(origin)).not.toBeUndefined();
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      while (existsSync(`/proc/${warden}`)) await delay(20);
      expect(holders(token)).toEqual([]);
      expect(existsSync(dirname(scratch))).toBe(false);
      await expect(fetch(origin)).rejects.toThrow();
    },
  );

  it('ends quietly after a farewell', async () => {
    const token = randomBytes(8).toString('hex');
    const owner = spawn(process.execPath, [OWNER, token, `${SERVERS}plain.mjs`, 'farewell'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(await once(owner, 'exit')).toEqual([0, null]);
    expect(holders(token)).toEqual([]);
  });
});
