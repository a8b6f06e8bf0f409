import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/model/event.ts';
import { codesOf, judged, scenarioOf } from '../log.ts';

const step = (restart: number, more: { problem?: string } = {}): Event => ({ kind: 'step', session: 0, restart, index: 1, text: 'ready within 10s', atMs: 2000 * restart + 1050, tookMs: 10_000, ...more });
const fact = (code: 'step-failed' | 'restart-not-proven', restart: number): Event => ({ kind: 'fact', session: 0, restart, atMs: 1, code, message: 'the fact', hint: 'The hint of the fact.' });

describe('a run that did less than planned', () => {
  it('is inconclusive with too few restarts', () => {
    const judgement = judged({ scenario: scenarioOf(5) });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(judgement.result.findings).toMatchObject([{ code: 'too-few-restarts', message: 'Only 2 restarts were completed, of 5 planned.' }]);
  });

  it('is inconclusive without any restart, or any session', () => {
    expect(judged({ restarts: 0, scenario: scenarioOf(5) }).result.findings).toMatchObject([{ code: 'too-few-restarts', message: 'No restart was completed, of 5 planned.' }]);
    expect(judged({ arm: 'a', scenario: { name: 'x', arms: { a: scenarioOf(2), b: scenarioOf(2) } } }).result.arms.map(({ verdict }) => verdict)).toEqual(['pass', 'inconclusive']);
  });

  it('plans as many restarts as its bound needs', () => {
    const until = { until: { dirty_restarts_below: '10%' } };
    const { result } = judged({ scenario: scenarioOf(2, { restart: { strategy: 'stop-start', quiet: '1s', ...until } }) });
    expect(result.findings[0]?.message).toContain('of 29 planned');
  });

  it('is inconclusive when it was interrupted, unless the arm had come to its end', () => {
    const interrupted: Event = { kind: 'interrupted', atMs: 4200 };
    expect(judged({ more: [interrupted] }).result).toMatchObject({ verdict: 'pass', interrupted: true });
    const cut = judged({ scenario: scenarioOf(3), more: [interrupted] });
    expect(codesOf(cut)).toEqual(['interrupted']);
    expect(cut.result.findings[0]?.message).toBe('The run was interrupted after 4.2 s, with 2 of 3 restarts completed; what was seen so far is judged.');
    expect(codesOf(judged({ trafficEnd: false, more: [interrupted] }))).toEqual(['interrupted']);
    expect(judged({ trafficEnd: false, end: false }).result.findings).toMatchObject([{ code: 'interrupted', message: expect.stringContaining('The log breaks off') }]);
  });

  it('still fails for what it lost', () => {
    expect(judged({ scenario: scenarioOf(3), fate: (dueMs) => (dueMs === 1010 ? 'reset' : 1) }).result.verdict).toBe('fail');
  });

  it('is inconclusive without traffic in a window', () => {
    const judgement = judged({ streams: [{ ratePerSecond: 0.25, firstDueMs: 500 }] });
    expect(judgement.result.findings).toMatchObject([{ code: 'no-traffic-in-window', severity: 'inconclusive', message: 'No request was due during restarts 1 and 2, so nothing could be lost there.' }]);
    expect(judged({ streams: [] }).result.verdict).toBe('inconclusive');
  });
});

describe('a failed step', () => {
  it('fails the arm and says which, after how long and why', () => {
    const { result } = judged({ more: [step(0), step(1, { problem: 'no healthcheck passed.' }), fact('step-failed', 1)] });
    expect(result.findings).toEqual([
      { code: 'step-failed', severity: 'fail', arm: 'default', restart: 1, message: 'Step "ready within 10s" failed after 10 s: the fact (restart 2).', hint: 'The hint of the fact.' },
      { code: 'too-few-restarts', severity: 'inconclusive', arm: 'default', message: 'Only 1 restart was completed, of 2 planned.', hint: expect.any(String) },
    ]);
    expect(result.arms[0]?.restarts[1]).toMatchObject({ completed: false, steps: [{ text: 'ready within 10s', atMs: 3050, tookMs: 10_000, problem: 'no healthcheck passed.' }] });
  });

  it('is told where no step is known, too', () => {
    expect(judged({ more: [fact('step-failed', 1)] }).result.findings).toMatchObject([{ severity: 'fail', message: 'The fact (restart 2).' }]);
  });

  it('leaves no second finding that the restart is not proven', () => {
    const more = [step(0, { problem: 'x' }), fact('step-failed', 0)];
    expect(codesOf(judged({ restarts: 1, serving: () => null, more }))).toEqual(['step-failed', 'too-few-restarts']);
  });

  it('is no failure when the end of the run cut it short', () => {
    const more: Event[] = [step(1, { problem: 'The restart was interrupted.' }), { kind: 'interrupted', atMs: 3060 }];
    expect(judged({ more }).result.findings).toMatchObject([{ code: 'interrupted', message: expect.stringContaining('1 of 2 restarts completed') }]);
  });
});
