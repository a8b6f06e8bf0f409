import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/model/event.ts';
import { codesOf, idOf, judged, scenarioOf } from '../../log.ts';

const step = (restart: number, more: { problem?: string } = {}): Event => ({
  kind: 'step',
  session: 0,
  restart,
  index: 1,
  text: 'ready within 10s',
  atMs: 2000 * restart + 1050,
  tookMs: 10_000,
  ...more,
});
const fact = (code: 'step-failed' | 'restart-not-proven', restart: number): Event => ({
  kind: 'fact',
  session: 0,
  restart,
  atMs: 1,
  code,
  message: 'the fact',
  hint: 'The hint of the fact.',
});

describe('a run that did less than planned', () => {
  it('is inconclusive with too few restarts', () => {
    const judgement = judged({ scenario: scenarioOf(5) });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(judgement.result.findings).toMatchObject([
      { code: 'too-few-restarts', message: 'Only 2 restarts were completed, of 5 planned.' },
    ]);
  });

  it('is inconclusive without any restart, or any session', () => {
    expect(judged({ restarts: 0, scenario: scenarioOf(5) }).result.findings).toMatchObject([
      { code: 'too-few-restarts', message: 'No restart was completed, of 5 planned.' },
    ]);
    expect(
      judged({ arm: 'a', scenario: { name: 'x', arms: { a: scenarioOf(2), b: scenarioOf(2) } } }).result.arms.map(
        ({ verdict }) => verdict,
      ),
    ).toEqual(['pass', 'inconclusive']);
  });

  it('plans as many restarts as its bound needs', () => {
    const until = { until: { dirty_restarts_below: '10%' } };
    const { result } = judged({
      scenario: scenarioOf(2, { restart: { strategy: 'stop-start', quiet: '1s', ...until } }),
    });
    expect(result.findings[0]?.message).toContain('of 29 planned');
  });

  it('is inconclusive when it was interrupted, unless the arm had come to its end', () => {
    const interrupted: Event = { kind: 'interrupted', atMs: 4200 };
    expect(judged({ more: [interrupted] }).result).toMatchObject({ verdict: 'pass', interrupted: true });
    const cut = judged({ scenario: scenarioOf(3), more: [interrupted] });
    expect(codesOf(cut)).toEqual(['interrupted']);
    expect(cut.result.findings[0]?.message).toBe(
      'The run was interrupted after 4.2 s, with 2 of 3 restarts completed; what was seen so far is judged.',
    );
    expect(codesOf(judged({ trafficEnd: false, more: [interrupted] }))).toEqual(['interrupted']);
    expect(judged({ trafficEnd: false, end: false }).result.findings).toMatchObject([
      { code: 'interrupted', message: expect.stringContaining('The log breaks off') },
    ]);
  });

  it('still fails for what it lost', () => {
    expect(judged({ scenario: scenarioOf(3), fate: (dueMs) => (dueMs === 1010 ? 'reset' : 1) }).result.verdict).toBe(
      'fail',
    );
  });

  it('is inconclusive without traffic in a window', () => {
    const judgement = judged({ streams: [{ ratePerSecond: 0.25, firstDueMs: 500 }] });
    expect(judgement.result.findings).toMatchObject([
      {
        code: 'no-traffic-in-window',
        severity: 'inconclusive',
        message: 'No request was due during restarts 1 and 2, so nothing could be lost there.',
      },
    ]);
    expect(judged({ streams: [] }).result.verdict).toBe('inconclusive');
  });
});

describe('a failed step', () => {
  it('fails the arm and says which, after how long and why', () => {
    const { result } = judged({
      more: [step(0), step(1, { problem: 'no healthcheck passed.' }), fact('step-failed', 1)],
    });
    expect(result.findings).toEqual([
      {
        code: 'step-failed',
        severity: 'fail',
        arm: 'default',
        restart: 1,
        message: 'Step "ready within 10s" failed after 10 s: the fact (restart 2).',
        hint: 'The hint of the fact.',
      },
      {
        code: 'too-few-restarts',
        severity: 'inconclusive',
        arm: 'default',
        message: 'Only 1 restart was completed, of 2 planned.',
        hint: expect.any(String),
      },
    ]);
    expect(result.arms[0]?.restarts[1]).toMatchObject({
      completed: false,
      steps: [{ text: 'ready within 10s', atMs: 3050, tookMs: 10_000, problem: 'no healthcheck passed.' }],
    });
  });

  it('is told where no step is known, too', () => {
    expect(judged({ more: [fact('step-failed', 1)] }).result.findings).toMatchObject([
      { severity: 'fail', message: 'The fact (restart 2).' },
    ]);
  });

  it('leaves no second finding that the restart is not proven', () => {
    const more = [step(0, { problem: 'x' }), fact('step-failed', 0)];
    expect(codesOf(judged({ restarts: 1, serving: () => null, more }))).toEqual(['step-failed', 'too-few-restarts']);
  });

  it('is no failure when the end of the run cut it short', () => {
    const more: Event[] = [step(1, { problem: 'The restart was interrupted.' }), { kind: 'interrupted', atMs: 3060 }];
    expect(judged({ more }).result.findings).toMatchObject([
      { code: 'interrupted', message: expect.stringContaining('1 of 2 restarts completed') },
    ]);
  });
});

describe('restarts that are not done', () => {
  const tolerant = (limit: number, restarts = 2) => scenarioOf(restarts, { thresholds: { not_done: limit } });
  const same = () => ({ instances: [idOf(0)], identities: [] });
  const fails = [step(0, { problem: 'x' }), fact('step-failed', 0), step(1, { problem: 'x' }), fact('step-failed', 1)];
  const rolledBack = (restart: number): Event => ({
    kind: 'fact',
    session: 0,
    restart,
    atMs: 2,
    code: 'rolled-back',
    message: 'It was rolled back.',
  });

  it('fail, unless the scenario tolerates them', () => {
    const { result } = judged({ serving: same, more: fails });
    expect(result.verdict).toBe('fail');
    expect(result.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['step-failed', 'fail'],
      ['too-few-restarts', 'inconclusive'],
    ]);
    expect(result.arms[0]?.thresholds.map(({ name }) => name)).not.toContain('not_done');
  });

  it('are notes as long as they are no more than tolerated', () => {
    const { result } = judged({ scenario: tolerant(2), serving: same, more: fails });
    expect(result.verdict).toBe('pass');
    expect(result.findings).toMatchObject([
      {
        code: 'step-failed',
        severity: 'note',
        message:
          'Step "ready within 10s" failed after 10 s: the fact (restarts 1 and 2); what served before is still ' +
          'there, which the scenario tolerates.',
      },
    ]);
    expect(result.arms[0]?.restarts).toMatchObject([
      { completed: false, proven: false, notDone: true },
      { completed: false, proven: false, notDone: true },
    ]);
    expect(result.arms[0]?.thresholds).toContainEqual({
      name: 'not_done',
      limit: 2,
      measured: 2,
      unit: 'restarts',
      ok: true,
    });
    expect(result.arms[0]?.confidence).toMatchObject({ restarts: 0, dirty: 0, dirtyUpper95: 1 });
  });

  it('all fail when they are more', () => {
    const { result } = judged({ scenario: tolerant(1), serving: same, more: fails });
    expect(result.findings).toMatchObject([
      {
        code: 'step-failed',
        severity: 'fail',
        message: expect.stringMatching(/\(restarts 1 and 2\); 1 restart not done would have been tolerated\.$/),
      },
      { code: 'too-few-restarts' },
    ]);
    expect(result.arms[0]?.thresholds).toContainEqual({
      name: 'not_done',
      limit: 1,
      measured: 2,
      unit: 'restarts',
      ok: false,
    });
  });

  it('are no excuse for what was lost, nor for a target that died', () => {
    const lost = judged({
      scenario: tolerant(2),
      serving: same,
      more: fails,
      fate: (dueMs) => (dueMs === 1010 ? 'reset' : 1),
    });
    expect(codesOf(lost)).toEqual(['requests-lost', 'step-failed']);
    expect(lost.result.verdict).toBe('fail');
    const died: Event = { kind: 'fact', session: 0, atMs: 5, code: 'target-died', message: 'It died.' };
    expect(judged({ scenario: tolerant(2), serving: same, more: [...fails, died] }).result.verdict).toBe('fail');
  });

  it('are tolerated only when it was seen who serves, and nobody is new', () => {
    const unseen = () => ({ instances: [], identities: [] });
    const half = judged({ scenario: tolerant(2), more: fails }).result;
    for (const result of [
      half,
      judged({ scenario: tolerant(2), serving: unseen, more: fails }).result,
      judged({ scenario: tolerant(2), serving: () => null, more: fails }).result,
    ]) {
      expect(result.findings).toMatchObject([
        { code: 'step-failed', severity: 'fail', message: expect.stringMatching(/\(restarts 1 and 2\)\.$/) },
        { code: 'too-few-restarts' },
      ]);
      expect(result.arms[0]?.restarts[0]).not.toHaveProperty('notDone');
    }
  });

  it('are told apart from one that went wrong half-way', () => {
    const { findings, verdict } = judged({
      scenario: tolerant(2),
      serving: (restart, when) => ({ instances: [idOf(when === 'after' ? restart : 0)], identities: [] }),
      more: fails,
    }).result;
    expect(verdict).toBe('fail');
    expect(findings.map(({ code, severity, restart }) => [code, severity, restart])).toEqual([
      ['step-failed', 'fail', 1],
      ['too-few-restarts', 'inconclusive', undefined],
      ['step-failed', 'note', 0],
    ]);
  });

  it('may be rolled back, or ignored by the target', () => {
    const back = judged({ scenario: tolerant(2), more: [...fails, rolledBack(0), rolledBack(1)] });
    expect(codesOf(back)).toEqual(['step-failed', 'rolled-back']);
    expect(back.result.verdict).toBe('pass');
    expect(back.result.arms[0]?.confidence.sentences[1]).toBe(
      'No restart was done, so nothing is known about one that is.',
    );
    const ignored = judged({ scenario: tolerant(2), serving: same });
    expect(ignored.result).toMatchObject({
      verdict: 'pass',
      findings: [
        {
          code: 'restart-not-proven',
          severity: 'note',
          message: expect.stringContaining('which the scenario tolerates'),
        },
      ],
    });
    expect(judged({ scenario: tolerant(1), serving: same }).result.findings).toMatchObject([
      { code: 'restart-not-proven', severity: 'inconclusive' },
    ]);
  });

  it('are no duty: a restart that is done passes, too', () => {
    expect(judged({ scenario: tolerant(2) }).result).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('are not what the end of the run cut short', () => {
    const more: Event[] = [step(1, { problem: 'The restart was interrupted.' }), { kind: 'interrupted', atMs: 3060 }];
    expect(
      judged({
        scenario: tolerant(2),
        serving: (restart, when) =>
          restart === 0 ? { instances: [idOf(when === 'after' ? 1 : 0)], identities: [] } : same(),
        more,
      }).result,
    ).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'interrupted' }] });
  });
});
