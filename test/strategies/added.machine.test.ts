/**
 * A strategy that is added to the registry, and nowhere else, is known everywhere.
 *
 * Rule: each test asks another reader of the registry, through what a user would call.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { showStrategies } from '../../src/commands/strategies.ts';
import { strategies } from '../../src/model/strategies/registry.ts';
import { needed, type Strategy } from '../../src/model/strategies/strategy.ts';
import { loadScenario, scenarioOf as checkedScenarioOf } from '../../src/scenario/load.ts';
import { scenarioTemplate } from '../../src/scenario/template.ts';
import { judged, scenarioOf, sinceSignal } from '../judge/log.ts';
import { fileOf, LEAST, refusalOf } from '../scenario/files.ts';
import { SERVERS, stagedTarget } from '../targets/process/stage.ts';

const nap: Strategy = {
  name: 'nap',
  summary: 'kill the old instance, sleep, then start a new one; never in production',
  usedBy: 'this test',
  needs: { field: 'program', what: 'who sleeps', example: 'anyone' },
  steps: (restart) => [
    { kind: 'kill' },
    { kind: 'sleep', forMs: needed(restart, 'program').length },
    { kind: 'start', socket: 'own' },
    { kind: 'ready', successes: 1 },
  ],
  advice: { refused: 'Sleep less.' },
};
const twins: Strategy = {
  name: 'twins',
  summary: 'a second set, and both at once',
  usedBy: 'this test',
  fleet: { leastReady: (_, replicas) => replicas * 2 },
  steps: () => [
    { kind: 'start', socket: 'own' },
    { kind: 'analyse', forMs: 1000, errorsBelow: 0.05 },
  ],
  advice: {},
};

const registry = strategies as Strategy[];
beforeAll(() => void registry.push(nap, twins));
afterAll(() => void registry.splice(-2));

const detailsOf = async (part: Record<string, unknown>): Promise<readonly string[]> =>
  (await refusalOf(() => checkedScenarioOf({ ...LEAST, ...part }))).details;

describe('a strategy in the registry', () => {
  it('is listed and explained', () => {
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    showStrategies(undefined);
    showStrategies('nap');
    spy.mockRestore();
    expect(written.join('')).toContain(`${nap.summary}\n`);
    expect(written.join('')).toContain('Used by: this test\n\nSteps:\n  1. kill: SIGKILL');
    expect(scenarioTemplate({ name: 'a', schemaPath: 'b' })).toContain(
      '  # nap                kill the old instance, sleep, then start a new one\n',
    );
  });

  it('is accepted in a scenario, and held to what it needs', async () => {
    const source = JSON.stringify({ ...LEAST, restart: { strategy: 'nap', program: 'x' } });
    expect((await loadScenario(fileOf(source))).arms[0]?.restart.strategy).toBe('nap');
    expect(await detailsOf({ restart: { strategy: 'nap' } })).toEqual([
      'restart.program: expected who sleeps, since restart.strategy is nap; got nothing',
    ]);
    const attached = { target: { url: 'http://127.0.0.1:8080' }, restart: { strategy: 'nap', program: 'x' } };
    expect((await detailsOf(attached))[0]).toContain('a strategy that does not start instances (signal-handoff, ');
    expect((await detailsOf({ restart: { strategy: 'nab' } }))[0]).toContain('nap');
  });

  it('belongs to fleets when it says so', async () => {
    expect((await detailsOf({ restart: { strategy: 'twins' } }))[0]).toContain('since twins is about several');
    const fleet = { fleet: { replicas: 2 }, restart: { strategy: 'twins' } };
    expect(await detailsOf(fleet)).toEqual([expect.stringContaining('target.identity: expected the header')]);
    const scenario = scenarioOf(2, { fleet: { replicas: 2 }, restart: { strategy: 'twins', count: 2 } });
    expect(judged({ scenario }).result.findings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('where 4 of 2 were promised'),
    );
  });

  it('advises when requests are refused', () => {
    const scenario = scenarioOf(2, { restart: { strategy: 'nap', program: 'x', count: 2, quiet: '1s' } });
    const fate = (dueMs: number) => (sinceSignal(dueMs, 0, 20) ? 'refused' : 1);
    expect(judged({ scenario, fate }).result.findings[0]?.hint).toBe('Sleep less.');
  });

  it('restarts a target', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: [process.execPath, `${SERVERS}plain.mjs`] },
      { strategy: 'nap', program: 'x' },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(ok).toBe(true);
    expect(told.steps.map(({ text }) => text)).toEqual(
      ['kill', 'sleep: 1ms', 'start', 'ready'].map((text): unknown => expect.stringContaining(text)),
    );
    expect(after).not.toEqual(before);
  });
});
