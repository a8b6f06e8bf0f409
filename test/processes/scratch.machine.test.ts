import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openScratch } from '../../src/processes/scratch.ts';
import { startWarden } from '../../src/processes/warden.ts';

describe('the scratch folder', () => {
  it(
    'has one folder for each arm, which others may enter but not list, and is gone in the end with all that is ' +
      'in it',
    async () => {
      const warden = await startWarden('none');
      const scratch = openScratch(warden);
      const [first, second] = [scratch.ofArm(0), scratch.ofArm(1)];
      expect(first).not.toBe(second);
      expect(scratch.ofArm(0)).toBe(first);
      mkdirSync(join(first, 'versions'));
      writeFileSync(join(first, 'versions', 'a.pid'), '1');
      expect([dirname(first), first].map((folder) => statSync(folder).mode & 0o777)).toEqual([0o711, 0o711]);
      await warden.close();
      expect(existsSync(first)).toBe(true);
      scratch.remove();
      expect(existsSync(dirname(first))).toBe(false);
    },
  );

  it('is removed by the warden when its owner leaves without a farewell', async () => {
    const warden = await startWarden('none');
    const folder = openScratch(warden).ofArm(0);
    await warden.sweep();
    expect(existsSync(dirname(folder))).toBe(false);
  });
});
