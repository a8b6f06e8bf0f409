import { describe, expect, it } from 'vitest';
import { codesOf, judged, scenarioOf, sinceSignal } from '../../log.ts';

const thresholds = (more: Record<string, unknown>) => scenarioOf(2, { thresholds: more });
const slowAt =
  (moments: number[], ms = 100) =>
  (dueMs: number) =>
    moments.includes(dueMs) ? ms : 1;

describe('spikes', () => {
  const over = thresholds({ spikes: { over: '50ms', max: 1 } });

  it('fail the arm when there are more than tolerated', () => {
    const { result } = judged({ scenario: over, fate: slowAt([1100, 1120]) });
    expect(result.findings).toMatchObject([
      {
        code: 'spikes',
        severity: 'fail',
        restart: 0,
        message: '2 answers took longer than 50 ms in restart 1, the worst 100 ms; 1 would have been tolerated.',
      },
    ]);
    expect(judged({ scenario: over, fate: slowAt([1100]) }).result.verdict).toBe('pass');
    const hint = result.findings[0]?.hint;
    for (const way of ['says that it is ready', 'only when it is warm', 'one after another']) {
      expect(hint).toContain(way);
    }
  });

  it('are measured against what quiet time does, where no limit is given', () => {
    const scenario = thresholds({ spikes: {} });
    const { result } = judged({ scenario, fate: slowAt([1100, 3100], 20) });
    expect(result.findings[0]?.message).toBe(
      '2 answers took longer than the limit learnt from quiet time (11 ms) in restarts 1 and 2, the worst 20 ms.',
    );
    expect(result.arms[0]?.spikes).toMatchObject({ limitMs: 11, learnt: true });
    expect(judged({ scenario, fate: slowAt([1100, 3100], 10) }).result.verdict).toBe('pass');
  });

  it('are not counted outside restarts', () => {
    expect(judged({ fate: slowAt([500, 550]) }).result).toMatchObject({
      verdict: 'pass',
      arms: [{ spikes: { learnt: true } }],
    });
  });

  it('prove nothing when the limit lies below the noise', () => {
    const judgement = judged({ scenario: over, fate: slowAt([500, 2500]) });
    expect(judgement.result.findings).toMatchObject([
      {
        code: 'spike-limit-below-noise',
        severity: 'inconclusive',
        message:
          'The spike limit of 50 ms lies below the noise: without any restart one answer in a thousand took ' +
          '100 ms or longer.',
      },
    ]);
  });

  it('prove nothing when quiet time has them at the same rate', () => {
    const streams = [{ ratePerSecond: 1000 }];
    const judgement = judged({ streams, scenario: over, fate: slowAt([500, 2500, 1500, 3500]) });
    expect(judgement.result.findings).toMatchObject([
      {
        code: 'spike-limit-below-noise',
        message: 'There were 2 spikes in restarts, but 2 spikes in quiet time, which is the same rate.',
      },
    ]);
  });

  it('cannot be judged when nothing could be learnt', () => {
    const judgement = judged({ scenario: thresholds({ spikes: {}, lost: 9999 }), fate: () => 'refused' });
    expect(codesOf(judgement)).toEqual(['spike-limit-below-noise']);
    expect(judgement.result.arms[0]?.thresholds).toContainEqual({
      name: 'spikes',
      limit: 0,
      measured: null,
      unit: 'answers',
      ok: false,
    });
  });
});

describe('gaps', () => {
  const scenario = thresholds({ gap: '100ms', lost: 999 });
  const downFor = (ms: number) => (dueMs: number) => (sinceSignal(dueMs, 100, 100 + ms) ? 'refused' : 1);

  it('fail the arm when they are too long', () => {
    const { result } = judged({ scenario, fate: downFor(200) });
    expect(result.findings).toMatchObject([
      {
        code: 'gap-too-long',
        severity: 'fail',
        message:
          'Fresh arrivals got no answer for 200 ms in restart 1; 100 ms is the limit, which 2 of 2 restarts broke.',
      },
    ]);
    expect(result.arms[0]).toMatchObject({ longestGapMs: 200, restarts: [{ gapMs: 200 }, { gapMs: 200 }] });
    expect(result.arms[0]?.thresholds).toContainEqual({
      name: 'gap',
      limit: 100,
      measured: 200,
      unit: 'ms',
      ok: false,
    });
    expect(judged({ scenario, fate: downFor(100) }).result.verdict).toBe('pass');
  });

  it('name the restart when it is one', () => {
    const { result } = judged({ scenario, fate: (dueMs) => (dueMs > 3000 ? downFor(200)(dueMs) : 1) });
    expect(result.findings[0]).toMatchObject({
      restart: 1,
      message: 'Fresh arrivals got no answer for 200 ms in restart 2; 100 ms is the limit.',
    });
  });

  it('prove nothing when quiet time has one as long', () => {
    const fate = (dueMs: number) => (dueMs >= 300 && dueMs < 600 ? 'refused' : downFor(200)(dueMs));
    expect(judged({ scenario, fate }).result.findings).toMatchObject([
      { code: 'noise-without-restart', severity: 'inconclusive' },
    ]);
  });
});
