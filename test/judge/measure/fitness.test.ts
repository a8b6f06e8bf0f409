/** Slowness counts against the target only where machine and harness were fit; what the server did counts always. */
import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/model/event.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { codesOf, judged, scenarioOf, sinceSignal, story } from '../log.ts';

/** A look at a machine that is busy with other things around the restart n, unless `more` says otherwise. */
const look = (restart: number, more: Partial<EventOf<'machine'>> = {}): Event => ({
  kind: 'machine',
  session: 0,
  atMs: 2000 * restart + 1500,
  tookMs: 500,
  busyShare: 1,
  othersShare: 0.87,
  stolenShare: 0,
  stalledShare: 0.9,
  runnable: 9,
  ...more,
});
const inRestart0 = (outcome: Outcome) => (dueMs: number) =>
  dueMs < 2000 && sinceSignal(dueMs, 100, 200) ? outcome : 1;

describe('timeouts in a restart', () => {
  it('fail the target on a machine with room, and say nothing on a busy one', () => {
    expect(judged({ fate: inRestart0('timeout') }).result.verdict).toBe('fail');
    const { result } = judged({ fate: inRestart0('timeout'), more: [look(0)] });
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings).toMatchObject([
      {
        code: 'machine-busy',
        severity: 'inconclusive',
        restart: 0,
        message: 'This machine was too busy to judge 10 timeouts in restart 1: other processes used up to 87 % of it.',
      },
    ]);
    // The ledger keeps them.
    expect(result.arms[0]?.requests).toMatchObject({ timeout: 10, lost: 10 });
    expect(result.arms[0]?.confidence).toMatchObject({ restarts: 1, dirty: 0 });
    expect(result.arms[0]?.confidence.sentences[0]).toContain('could not be judged: the machine was too busy');
  });

  it.each<[string, Partial<EventOf<'machine'>>]>([
    ['another restart was beside the noise', { atMs: 3500 }],
    ['it was the target that kept the machine busy', { othersShare: 0.1 }],
    ['others were busy and nobody had to wait', { stalledShare: 0.2 }],
  ])('fail the target when %s', (_, more) => {
    expect(judged({ fate: inRestart0('timeout'), more: [look(0, more)] }).result.verdict).toBe('fail');
  });

  it('fail the target when it gave no answer for longer than a busy machine explains', () => {
    const scenario = { ...scenarioOf(3), traffic: { client: { timeout: '200ms' } } };
    const fate = (dueMs: number) => (dueMs < 2000 && sinceSignal(dueMs, 0, 700) ? 'timeout' : 1);
    const verdictOf = (more: Partial<EventOf<'machine'>>) =>
      judged({ scenario, fate, more: [look(0, { atMs: 1750, tookMs: 800, ...more })] }).result.verdict;
    // Of 700 ms without an answer, tasks waited at most 400: 300 are left, and a client waits for 200.
    expect(verdictOf({ stalledShare: 0.5 })).toBe('fail');
    // 520 of 700 leave too little to say.
    expect(verdictOf({ stalledShare: 0.65 })).toBe('inconclusive');
    expect(verdictOf({ stalledShare: 1 })).toBe('inconclusive');
  });

  it('are judged by the share of busy cores where the kernel tells no more, and stolen time is of others', () => {
    const without = (more: Partial<EventOf<'machine'>>): Event => {
      const { stalledShare: _, ...rest } = look(0, more) as EventOf<'machine'>;
      return rest;
    };
    const verdictOf = (event: Event) => judged({ fate: inRestart0('timeout'), more: [event] }).result.verdict;
    expect(verdictOf(without({ busyShare: 0.99 }))).toBe('inconclusive');
    expect(verdictOf(without({ busyShare: 0.7 }))).toBe('fail');
    expect(verdictOf(without({ busyShare: 0.6, othersShare: 0, stolenShare: 0.4 }))).toBe('inconclusive');
  });

  it('say nothing where zerodrop itself could not send', () => {
    const fate = (dueMs: number) =>
      dueMs < 2000 && sinceSignal(dueMs, 100, 200) ? 'timeout' : sinceSignal(dueMs, 300, 400) ? 'unsent' : 1;
    const judgement = judged({ fate });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(codesOf(judgement)).toEqual(['machine-busy', 'harness-late']);
    expect(judgement.result.findings[0]?.message).toContain('zerodrop itself could not send 10 requests');
  });

  it('of sentinels are treated alike', () => {
    const sentinel: Event = {
      kind: 'sentinel',
      session: 0,
      restart: 0,
      sentinel: 'in-flight',
      index: 0,
      outcome: 'timeout',
      story: story(1000, 500),
    };
    expect(judged({ sentinelsDue: 1, more: [sentinel] }).result.verdict).toBe('fail');
    expect(judged({ sentinelsDue: 1, more: [sentinel, look(0)] }).result.verdict).toBe('inconclusive');
  });
});

describe('on a busy machine', () => {
  it.each<Outcome>(['refused', 'reset', 'closed', 'truncated'])('%s still fails the target', (outcome) => {
    expect(judged({ fate: inRestart0(outcome), more: [look(0)] }).result.verdict).toBe('fail');
  });

  it('spikes and gaps over their limits are inconclusive', () => {
    const spikes = scenarioOf(2, { thresholds: { spikes: { over: '50ms', max: 0 } } });
    const slow = (dueMs: number) => (dueMs === 1100 ? 200 : 1);
    expect(judged({ scenario: spikes, fate: slow }).result.verdict).toBe('fail');
    expect(codesOf(judged({ scenario: spikes, fate: slow, more: [look(0)] }))).toEqual(['machine-busy']);
    const gap = scenarioOf(2, { thresholds: { gap: '50ms', lost: 100 } });
    expect(codesOf(judged({ scenario: gap, fate: inRestart0('timeout') }))).toEqual(['gap-too-long']);
    expect(codesOf(judged({ scenario: gap, fate: inRestart0('timeout'), more: [look(0)] }))).toEqual(['machine-busy']);
    expect(codesOf(judged({ scenario: gap, fate: inRestart0('refused'), more: [look(0)] }))).toEqual(['gap-too-long']);
  });

  it('a clean run still passes', () => {
    expect(judged({ more: [look(0), look(1)] }).result.verdict).toBe('pass');
  });
});
