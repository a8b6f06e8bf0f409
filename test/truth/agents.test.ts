/**
 * A whole run whose traffic several agents share: its counts are those of the server, and the death of one agent costs
 * its own share and makes the run inconclusive.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/model/outcome.ts';
import { openProgress, type Progress } from '../../src/report/text/progress.ts';
import { scenarioOf } from '../../src/run/load.ts';
import type { FinishedRun } from '../../src/run/saved.ts';
import { run } from '../../src/run/run.ts';
import { sandbox, type Sandbox } from '../cli/zerodrop.ts';

const SERVER = fileURLToPath(new URL('habits-server.mjs', import.meta.url));
const AGENTS = 3;

let box: Sandbox;
beforeEach(() => {
  box = sandbox();
});
afterEach(() => box.remove());

const stream = (connection: 'new' | 'reused'): object => ({
  rate: '150/s',
  connection,
  connections: 8,
  expect: { body: 'hello' },
});

async function measured(
  sentinels = {},
  progress?: Progress,
): Promise<{ finished: FinishedRun; account: Record<string, number> }> {
  const account = join(box.folder, 'account.json');
  const scenario = scenarioOf({
    name: 'habits',
    target: { command: ['node', SERVER], healthcheck: { path: '/healthz' }, environment: { ACCOUNT: account } },
    restart: { strategy: [{ sleep: '100ms' }], count: 2, quiet: '700ms' },
    controls: { positive: false, negative: 0 },
    traffic: {
      agents: AGENTS,
      arrivals: { fresh: stream('new'), keepalive: stream('reused') },
      sentinels,
      client: { timeout: '1500ms' },
    },
  });
  const finished = await run(scenario, { outDir: box.folder, ...(progress === undefined ? {} : { progress }) });
  return { finished, account: JSON.parse(readFileSync(account, 'utf8')) as Record<string, number> };
}

/** The agents that this process has started and that live. */
function agentPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[1];
        return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('agent/main');
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('three agents', () => {
  it('count what the server did, as one would', async () => {
    const { finished, account } = await measured();
    const requests = finished.result.arms[0]?.requests as FinishedRun['result']['arms'][number]['requests'];
    const {
      unsent = 0,
      timeout = 0,
      ...counted
    } = Object.fromEntries(
      OUTCOMES.map((outcome) => [outcome, requests[outcome]] as const).filter(([, count]) => count > 0),
    );
    const { timeout: ignored = 0, ...misdeeds } = account;
    expect(counted).toEqual(misdeeds);
    // What timed out while zerodrop itself stood still proves nothing, and is unsent.
    expect(timeout).toBeLessThanOrEqual(ignored);
    expect(timeout + unsent).toBeGreaterThanOrEqual(ignored);
    expect(requests.due).toBe(OUTCOMES.reduce((sum, outcome) => sum + requests[outcome], 0));
    expect(finished.recording.sessions[0]?.harness).toHaveLength(AGENTS);
  });

  it('lose only the share of one that is killed, and the run is inconclusive', async () => {
    const progress = openProgress({ stream: process.stderr, quiet: true });
    const { finished } = await measured(
      { parked: 4 },
      {
        ...progress,
        restart(restart, total) {
          progress.restart(restart, total);
          if (restart === 1) process.kill(agentPids()[1] as number, 'SIGKILL');
        },
      },
    );
    const [session] = finished.recording.sessions;
    expect(session?.trafficEnd).not.toBeNull();
    const orphans = (session?.failures ?? []).filter(({ story }) => story.note?.includes('had ended early') === true);
    expect(orphans.length).toBeGreaterThan(0);
    expect(new Set(orphans.map(({ seq }) => seq % AGENTS)).size).toBe(1);
    expect(session?.harness).toHaveLength(AGENTS - 1);
    const [arm] = finished.result.arms;
    expect(arm?.requests.unsent).toBeGreaterThanOrEqual(orphans.length);
    expect(arm?.requests.answered).toBeGreaterThan(orphans.length);
    const died = finished.result.findings.filter(({ code }) => code === 'agent-died');
    expect(died).toMatchObject([{ message: expect.stringMatching(/one of the 3 agents .* by SIGKILL/i) }]);
    expect(finished.result.arms[0]?.restarts).toHaveLength(2);
  });
});
