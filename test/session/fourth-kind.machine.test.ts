/** A kind of target that the code does not know runs a whole session to a verdict: a folder, and a line. */
import { expect, it, onTestFinished } from 'vitest';
import { judgementOf, type Judgement } from '../../src/judge/judge.ts';
import type { Arm, ScenarioSource } from '../../src/model/scenario.ts';
import type { Event } from '../../src/model/event.ts';
import { startWarden } from '../../src/processes/warden.ts';
import { openProgress } from '../../src/report/text/progress.ts';
import { scenarioOf } from '../../src/run/load.ts';
import { runSession } from '../../src/session/session.ts';
import { KINDS, openTarget } from '../../src/targets/open.ts';
import { headEvent, recordingOf } from '../judge/log.ts';
import { memory } from '../targets/memory/kind.ts';

type Strategy = NonNullable<NonNullable<ScenarioSource['restart']>['strategy']>;

const RESTARTS = 3;
const TOKEN = 'fourth-kind';

async function judged(strategy: Strategy): Promise<Judgement> {
  const source: ScenarioSource = {
    name: 'in-memory',
    target: { command: 'is not run', environment: { KIND: 'memory' } },
    restart: { strategy, count: RESTARTS, quiet: '200ms' },
    traffic: { arrivals: { fresh: { rate: '100/s' } }, sentinels: { idle: 1 } },
    controls: { positive: false, negative: 1 },
  };
  const events: Event[] = [headEvent({ ...source })];
  const warden = await startWarden(TOKEN);
  onTestFinished(() => warden.close());
  const sinceMs = performance.now();
  const nowMs = (): number => performance.now() - sinceMs;
  const whole = await runSession({
    session: 0,
    arm: scenarioOf(source).arms[0] as Arm,
    restarts: RESTARTS,
    first: 0,
    total: RESTARTS,
    planned: RESTARTS,
    opening: true,
    bail: false,
    seed: 1,
    agents: 1,
    token: TOKEN,
    warden,
    scratch: '',
    write: (event) => void events.push(event),
    nowMs,
    progress: openProgress({ stream: { write: () => undefined }, quiet: true }),
    open: (options) => openTarget(options, [memory, ...KINDS]),
    signal: new AbortController().signal,
  });
  expect(whole).toBe(true);
  return judgementOf(recordingOf([...events, { kind: 'end', atMs: nowMs() }]));
}

it('loses nothing where the successor serves before the old one ends', async () => {
  const { result } = await judged(['start', 'ready', 'stop']);
  const [arm] = result.arms;
  expect(arm?.restarts.map(({ proven }) => proven)).toEqual([true, true, true]);
  expect(arm?.requests).toMatchObject({ lost: 0 });
  expect(arm?.requests.answered).toBeGreaterThan(50);
  expect(arm?.sentinels.idle?.due).toBe(RESTARTS);
  expect(result.verdict).not.toBe('fail');
});

it('fails where nobody serves for a while', async () => {
  const { result, failures } = await judged(['stop', { sleep: '100ms' }, 'start', 'ready']);
  expect(result.verdict).toBe('fail');
  expect(result.findings.map(({ code }) => code)).toContain('requests-lost');
  expect(result.arms[0]?.restarts.map(({ proven }) => proven)).toEqual([true, true, true]);
  expect(result.arms[0]?.confidence.dirty).toBe(RESTARTS);
  expect(failures.length).toBeGreaterThan(0);
});
