/**
 * The whole way, from the scenario to result.json: the ledger's numbers are those of a server that counts its own
 * misdeeds.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/model/outcome.ts';
import type { Result } from '../../src/model/result.ts';
import { sandbox, type Sandbox } from '../cli/zerodrop.ts';

const SERVER = fileURLToPath(new URL('habits-server.mjs', import.meta.url));

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(async () => {
  const left = await box.leftovers();
  box.remove();
  expect(left).toEqual([]);
});

const stream = (connection: 'new' | 'reused'): object => ({
  rate: '150/s',
  connection,
  connections: 8,
  expect: { body: 'hello' },
});

describe.each(['wire', 'undici'])('the ledger of a run with the %s client', (kind) => {
  it('equals the account of the server', async () => {
    const account = join(box.folder, 'account.json');
    const scenario = box.file('habits.yaml', {
      name: 'habits',
      target: { command: ['node', SERVER], healthcheck: { path: '/healthz' }, environment: { ACCOUNT: account } },
      restart: { strategy: [{ sleep: '100ms' }], count: 2, quiet: '700ms' },
      traffic: { arrivals: { fresh: stream('new'), keepalive: stream('reused') }, client: { kind, timeout: '1500ms' } },
    });
    const { code, stdout } = await box.zerodrop('run', scenario, '--json', 'result.json', '--no-controls');
    // Nothing was restarted, and the target is as bad without it: nobody may call this a pass. That the restart is not
    // blamed takes a machine that lets both be as bad.
    expect([1, 2], stdout).toContain(code);

    const { arms } = JSON.parse(readFileSync(join(box.folder, 'result.json'), 'utf8')) as Result;
    const requests = arms[0]?.requests as Result['arms'][number]['requests'];
    const {
      unsent = 0,
      timeout = 0,
      ...counted
    } = Object.fromEntries(
      OUTCOMES.map((outcome) => [outcome, requests[outcome]] as const).filter(([, count]) => count > 0),
    );
    const { timeout: ignored, ...misdeeds } = JSON.parse(readFileSync(account, 'utf8')) as Record<string, number>;
    expect(counted).toEqual(misdeeds);
    // What timed out while zerodrop itself stood still proves nothing, and is unsent.
    expect(timeout).toBeGreaterThan(0);
    expect(timeout).toBeLessThanOrEqual(ignored as number);
    expect(timeout + unsent).toBeGreaterThanOrEqual(ignored as number);
    expect(Object.keys(counted).sort()).toEqual(['answered', 'closed', 'failed', 'rejected', 'reset', 'truncated']);
    expect(requests.due).toBe(OUTCOMES.reduce((sum, outcome) => sum + requests[outcome], 0));
  });
});
