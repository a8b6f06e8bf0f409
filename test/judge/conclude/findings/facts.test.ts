import { describe, expect, it } from 'vitest';
import { FACTS, type Event } from '../../../../src/model/event.ts';
import { judged, scenarioOf, sinceSignal } from '../../log.ts';

const fact = (code: (typeof FACTS)[number], more: { restart?: number; hint?: string } = {}): Event => ({
  kind: 'fact',
  session: 0,
  atMs: 500,
  code,
  message: 'the worker did it.',
  ...more,
});

describe('facts', () => {
  it.each([
    ['target-died', 'fail'],
    ['step-failed', 'fail'],
    ['agent-died', 'inconclusive'],
    ['service-died', 'inconclusive'],
    ['sentinel-not-armed', 'inconclusive'],
    ['restart-not-proven', 'inconclusive'],
    ['forced-kill', 'pass'],
    ['rolled-back', 'pass'],
    ['leftover-process', 'pass'],
    ['non-zero-exit', 'pass'],
  ] as const)('%s: %s', (code, verdict) => {
    const { result } = judged({ more: [fact(code)] });
    expect(result.verdict).toBe(verdict);
    expect(result.findings).toMatchObject([
      {
        code,
        severity: verdict === 'pass' ? 'note' : verdict,
        message: 'The worker did it.',
        hint: expect.stringMatching(/\.$/),
      },
    ]);
  });

  it('are told once an arm, with the restart when it is one', () => {
    const twice = judged({
      more: [fact('forced-kill', { restart: 1, hint: 'Do this.' }), fact('forced-kill', { restart: 1 })],
    }).result;
    expect(twice.findings).toEqual([
      {
        code: 'forced-kill',
        severity: 'note',
        arm: 'default',
        restart: 1,
        message: 'The worker did it (2 times in all).',
        hint: 'Do this.',
      },
    ]);
    expect(twice.arms[0]?.hygiene).toMatchObject({ forcedKills: 2, leftoverProcesses: 0 });
    expect(
      judged({ more: [fact('forced-kill', { restart: 1 }), fact('forced-kill')] }).result.findings[0],
    ).not.toHaveProperty('restart');
  });
});

describe('what explains losses', () => {
  const lossy = (dueMs: number) => (sinceSignal(dueMs, 0, 200) ? ('refused' as const) : 1);
  const more = [fact('forced-kill', { restart: 0 }), fact('signal-not-passed', { restart: 1 })];

  it('comes before them and counts as much, the deepest cause first', () => {
    const { result } = judged({ fate: lossy, more });
    expect(result.findings.slice(0, 3).map(({ code, severity }) => [code, severity])).toEqual([
      ['signal-not-passed', 'fail'],
      ['forced-kill', 'fail'],
      ['requests-lost', 'fail'],
    ]);
  });

  it('is a note where nothing was lost, or what was lost is tolerated', () => {
    const codes = [
      ['signal-not-passed', 'note'],
      ['forced-kill', 'note'],
    ];
    for (const options of [{ more }, { more, fate: lossy, scenario: scenarioOf(2, { thresholds: { lost: 1000 } }) }]) {
      const { result } = judged(options);
      expect(result.verdict).toBe('pass');
      expect(result.findings.map(({ code, severity }) => [code, severity])).toEqual(codes);
    }
  });

  it('is a note where the losses are of other restarts', () => {
    const { result } = judged({ fate: (dueMs) => (dueMs < 2000 ? lossy(dueMs) : 1), more: more.slice(1) });
    expect(result.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['requests-lost', 'fail'],
      ['signal-not-passed', 'note'],
    ]);
  });
});
