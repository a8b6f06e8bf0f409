import { describe, expect, it } from 'vitest';
import { judgementOf } from '../../src/judge/judge.ts';
import type { Event } from '../../src/model/event.ts';
import { headEvent, judged, logOf, recordingOf, scenarioOf, sessionEvents } from './log.ts';

describe('a judgement', () => {
  it('of a sound run is a pass with nothing to say', () => {
    const { result, failures } = judged();
    expect(failures).toEqual([]);
    expect(result).toMatchObject({
      schema: 'zerodrop/result/1',
      zerodrop: '0.1.0',
      verdict: 'pass',
      asExpected: true,
      interrupted: false,
      findings: [],
      scenario: 'a-test',
      durationMs: 100_000,
      command: 'zerodrop run a-test.yaml',
      seed: 1,
    });
    expect(result.arms).toHaveLength(1);
    expect(result.arms[0]).toMatchObject({
      name: 'default',
      strategy: 'stop-start',
      requests: { due: 500, answered: 500 },
      quietRequests: { due: 298 },
      longestGapMs: 0,
      confidence: { restarts: 2, dirty: 0, detectableGapMs: 9.5 },
      controls: { positive: null, negative: null },
      hygiene: { fdGrowthPerRestart: null, rssGrowthBytesPerRestart: null },
    });
    expect(result.arms[0]?.thresholds.map(({ name, ok }) => [name, ok])).toEqual([
      ['lost', true],
      ['raced', true],
      ['rejected', true],
      ['failed', true],
      ['slowest', true],
    ]);
  });

  it('tells each restart with its moments, its times and the exit of the old instance', () => {
    const exit = { by: 'code', code: 0, forced: false } as const;
    const more: Event[] = [{ kind: 'instance', session: 0, atMs: 3100, instance: 1, state: 'gone', exit }];
    const { result } = judged({ more });
    expect(result.arms[0]?.restarts[0]?.exit).toBeNull();
    expect(result.arms[0]?.restarts[1]).toMatchObject({
      index: 1,
      signalledAtMs: 3000,
      settledAtMs: 4000,
      proven: true,
      completed: true,
      readyMs: 200,
      drainMs: 100,
      exit,
      gapMs: 0,
    });
    const unfinished = judged({ restarts: 1, moments: () => ({ signalled: 1000 }) }).result.arms[0]?.restarts[0];
    expect(unfinished).toMatchObject({ completed: false, readyMs: null, drainMs: null });
  });

  it('is plain data that survives being written and read', () => {
    const { result } = judged({ fate: (dueMs) => (dueMs === 1100 ? 'timeout' : 2) });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('has the same result for the same log', () => {
    expect(judged().result).toEqual(judged().result);
  });

  it('names a strategy that is written as steps by them', () => {
    const scenario = scenarioOf(2, {
      restart: { strategy: [{ signal: 'SIGUSR2' }, { replaced: { within: '10s' } }, 'ready'], count: 2, quiet: '1s' },
    });
    expect(judged({ scenario }).result.arms[0]?.strategy).toBe('signal, replaced, ready');
  });

  it('judges each arm by its own plan, and is the worst of them', () => {
    const arms = { bad: { ...scenarioOf(1), expect: 'fail' }, good: scenarioOf(1) };
    const fields = (arm: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(arm).filter(([key]) => key !== 'name' && key !== 'description'));
    const scenario = { name: 'both', description: '', arms: { bad: fields(arms.bad), good: fields(arms.good) } };
    const events = [
      headEvent(scenario),
      ...sessionEvents({ session: 0, arm: 'bad', restarts: 1, fate: (dueMs) => (dueMs === 1050 ? 'reset' : 1) }),
      ...sessionEvents({ session: 1, arm: 'good', restarts: 1, harness: { sendDelayP99Ms: 7 } }),
      { kind: 'end', atMs: 9 } as const,
    ];
    const { result, failures } = judgementOf(recordingOf(events));
    expect(
      result.arms.map(({ name, verdict, expect: expected, asExpected }) => [name, verdict, expected, asExpected]),
    ).toEqual([
      ['bad', 'fail', 'fail', true],
      ['good', 'pass', 'pass', true],
    ]);
    expect(result).toMatchObject({
      scenario: 'both',
      verdict: 'fail',
      asExpected: true,
      harness: { sendDelayP99Ms: 7 },
    });
    expect(failures.map(({ arm }) => arm)).toEqual(['bad']);
    expect(result.findings.map(({ arm, code }) => [arm, code])).toEqual([['bad', 'requests-lost']]);
  });

  it('is not as expected when an arm is not', () => {
    expect(judged({ scenario: scenarioOf(2, { expect: 'fail' }) }).result).toMatchObject({
      verdict: 'pass',
      asExpected: false,
    });
    expect(judged({ scenario: scenarioOf(5, { expect: 'inconclusive' }) }).result).toMatchObject({
      verdict: 'inconclusive',
      asExpected: true,
    });
  });

  it('puts the gravest findings first', () => {
    const more: Event[] = [{ kind: 'fact', session: 0, atMs: 1, code: 'non-zero-exit', message: 'it exited with 3' }];
    const { result } = judged({ scenario: scenarioOf(3), more, fate: (dueMs) => (dueMs === 1050 ? 'reset' : 1) });
    expect(result.findings.map(({ severity }) => severity)).toEqual(['fail', 'inconclusive', 'note']);
  });

  it('refuses a log whose session is of no arm of the scenario', () => {
    const scenario = { name: 'x', arms: { a: scenarioOf(2) } };
    expect(() => judgementOf(recordingOf(logOf({ scenario, arm: 'b' })))).toThrow('session 0 is of arm b');
  });
});
