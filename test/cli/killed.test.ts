/** A run whose process is killed leaves a log that tells all up to the last second, and that can be judged. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entryPath } from '../../src/model/entry.ts';
import { sandbox, type Sandbox } from './zerodrop.ts';

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(() => box.remove());

const SERVER = `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')`;

it('is judged as interrupted, with the restarts that were over', async () => {
  expect(existsSync(entryPath('cli'))).toBe(true);
  box.file('server.cjs', SERVER);
  box.file('s.yaml', {
    name: 'killed',
    target: { command: 'node server.cjs' },
    restart: { strategy: 'stop-start', count: 20, quiet: '200ms' },
    traffic: { arrivals: { fresh: { rate: '50/s' } } },
    controls: { positive: false, negative: 0 },
  });
  const { child, ended, restarted } = box.start('run', 's.yaml');
  await restarted();
  child.kill('SIGKILL');
  await ended;
  const [id] = readdirSync(join(box.folder, 'reports/killed'));
  const folder = join('reports/killed', id as string);
  const judged = await box.zerodrop('judge', folder);
  expect(judged).toMatchObject({ code: 130, stdout: expect.stringContaining('ended early') as string, stderr: '' });
  const result = JSON.parse(readFileSync(join(box.folder, folder, 'result.json'), 'utf8')) as {
    interrupted: boolean;
    arms: { confidence: { restarts: number } }[];
  };
  expect(result.interrupted).toBe(true);
  expect(result.arms[0]?.confidence.restarts).toBeGreaterThan(0);
  expect(existsSync(join(box.folder, folder, 'report.html'))).toBe(true);
  expect(await box.leftovers()).toEqual([]);
});
