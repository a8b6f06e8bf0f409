/** The lab itself: two nodes, a Deployment that serves, accounts that are kept, an API server that comes back. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Lab } from './lab.ts';

export function labSuite(lab: () => Lab): void {
  describe('the lab', () => {
    it('has two nodes that are Ready', async () => {
      const nodes = await lab().kubectl(['get', 'nodes', '--no-headers']);
      expect(nodes.match(/\bReady\b/g)).toHaveLength(2);
    });

    it('serves, and its pods count what they answer', async () => {
      await lab().deploy('no-prestop');
      onTestFinished(() => lab().undeploy());
      const [program, ...words] = lab().inside;
      for (let request = 0; request < 5; request += 1) {
        await promisify(execFile)(program as string, [...words, 'curl', '-sf', 'http://10.96.0.80/']);
      }
      const counts = Object.values(lab().accounts());
      expect(counts.reduce((sum, count) => sum + count)).toBe(5);
    });

    it('has an API server that comes back', async () => {
      await lab().restartApi(1);
      await expect(lab().kubectl(['get', '--raw', '/readyz'])).resolves.toBe('ok');
    });
  });
}
