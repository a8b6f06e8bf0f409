import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/model/event.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { codesOf, judged, story, type LogOptions } from '../log.ts';

const control = (more: Partial<EventOf<'control'>> = {}): Event => ({
  kind: 'control',
  control: 'positive',
  arms: ['default'],
  atMs: 0,
  tookMs: 1500,
  expected: { answered: 100, closed: 5, reset: 5 },
  counted: { answered: 100, closed: 5, reset: 5 },
  ...more,
});

/** Two shams before the first restart: at 100 to 400 ms and 500 to 800 ms, numbered after the restarts. */
function shams(restarts: number): Event[] {
  return [0, 1].flatMap((n) =>
    (
      [
        ['began', 90],
        ['signalled', 100],
        ['settled', 400],
      ] as const
    ).map(([moment, atMs]): Event => ({
      kind: 'sham',
      session: 0,
      restart: restarts + n,
      moment,
      atMs: atMs + n * 400,
    })),
  );
}

const sentinels = (restart: number, outcomes: Outcome[], dueMs: number): Event[] =>
  outcomes.map((outcome, index) => ({
    kind: 'sentinel',
    session: 0,
    restart,
    sentinel: 'idle',
    index,
    outcome,
    story: story(dueMs),
  }));

const isIn = (ms: number, fromMs: number, toMs: number): boolean => ms >= fromMs && ms < toMs;

describe('the positive control', () => {
  it('is part of the result when every fault was counted', () => {
    const { result } = judged({ more: [control()] });
    expect(result.verdict).toBe('pass');
    expect(result.arms[0]?.controls.positive).toEqual({
      expected: 10,
      counted: 10,
      byOutcome: {
        answered: { expected: 100, counted: 100 },
        closed: { expected: 5, counted: 5 },
        reset: { expected: 5, counted: 5 },
      },
    });
  });

  it('makes the run inconclusive when a fault was taken for another one, though the sums agree', () => {
    const judgement = judged({ more: [control({ counted: { answered: 100, closed: 4, reset: 6 } })] });
    expect(judgement.result.verdict).toBe('inconclusive');
    expect(codesOf(judgement)).toEqual(['control-missed']);
    expect(judgement.result.findings[0]?.message).toContain('6 of 5 reset and 4 of 5 closed');
  });

  it('and when a fault was missed, when none was committed, when it could not be measured', () => {
    expect(judged({ more: [control({ counted: { answered: 105, reset: 5 } })] }).result.findings[0]?.message).toContain(
      '105 of 100 answered and 0 of 5 closed',
    );
    expect(
      judged({ more: [control({ expected: { answered: 3 }, counted: { answered: 3 } })] }).result.findings[0]?.message,
    ).toContain('no fault was committed');
    expect(
      judged({ more: [control({ expected: {}, counted: {}, problem: 'the leaky server has ended early' })] }).result
        .findings[0]?.message,
    ).toContain('ended early');
  });

  it('never excuses a failure, and says nothing about arms that it was not measured for', () => {
    const missed = { counted: { answered: 100 } };
    expect(
      judged({ more: [control(missed)], fate: (dueMs) => (isIn(dueMs, 1050, 1100) ? 'refused' : 1) }).result.verdict,
    ).toBe('fail');
    const other = judged({ more: [control({ ...missed, arms: ['another'] })] }).result;
    expect(other.verdict).toBe('pass');
    expect(other.arms[0]?.controls).toEqual({ positive: null, negative: null });
  });
});

describe('sham restarts', () => {
  const withShams = (more: LogOptions): LogOptions => ({
    restarts: 2,
    sentinelsDue: 0,
    ...more,
    more: [...shams(2), ...(more.more ?? [])],
  });

  it('are no restarts: they lose nothing, and their sentinels are in no ledger of the arm', () => {
    const { result } = judged(
      withShams({
        sentinelsDue: 8,
        more: [
          ...sentinels(2, ['answered', 'answered'], 110),
          ...sentinels(3, ['answered', 'answered'], 510),
          ...sentinels(0, ['answered', 'answered'], 1100),
          ...sentinels(1, ['answered', 'answered'], 3100),
        ],
      }),
    );
    const [arm] = result.arms;
    expect(result.verdict).toBe('pass');
    expect(arm?.restarts).toHaveLength(2);
    expect(arm?.controls.negative).toEqual({ windows: 2, lost: 0, raced: 0, rejected: 0, failed: 0 });
    expect(arm?.sentinels.idle?.due).toBe(4);
  });

  it('are not counted when they were cut short, but their sentinels are accounted for', () => {
    const { result } = judged({ sentinelsDue: 1, more: [...shams(2).slice(0, 5), ...sentinels(3, ['closed'], 510)] });
    expect(result.arms[0]?.controls.negative).toMatchObject({ windows: 1, lost: 0 });
  });

  it('show arrivals and sentinels that are lost without a restart', () => {
    const judgement = judged(
      withShams({
        sentinelsDue: 2,
        fate: (dueMs) => (isIn(dueMs, 150, 200) ? 'closed' : isIn(dueMs, 300, 320) ? 'raced' : 1),
        more: sentinels(3, ['answered', 'reset'], 510),
      }),
    );
    expect(judgement.result.arms[0]?.controls.negative).toEqual({
      windows: 2,
      lost: 6,
      raced: 2,
      rejected: 0,
      failed: 0,
    });
    expect(codesOf(judgement)).toEqual(['lost-in-quiet-time']);
    expect(judgement.result.findings[0]?.message).toContain('6 were lost and 2 raced');
  });

  it('make what every one of them loses alike noise, which quiet time alone would have thinned out', () => {
    const everyFifth = (dueMs: number, seq: number): Outcome | number =>
      (isIn(dueMs, 100, 400) || isIn(dueMs, 500, 800) || isIn(dueMs, 1000, 2000) || isIn(dueMs, 3000, 4000)) &&
      seq % 5 === 0
        ? 'closed'
        : 1;
    expect(codesOf(judged({ fate: everyFifth }))).toContain('requests-lost');
    const judgement = judged(withShams({ fate: everyFifth }));
    expect(codesOf(judgement)).toEqual(['noise-without-restart']);
    expect(judgement.result.verdict).toBe('inconclusive');
  });

  it('make sentinels noise when they are lost without a restart, too', () => {
    const raced = (restart: number, dueMs: number): Event[] =>
      sentinels(restart, ['raced', 'raced', 'answered'], dueMs);
    const judgement = judged(
      withShams({ sentinelsDue: 12, more: [...raced(2, 110), ...raced(3, 510), ...raced(0, 1100), ...raced(1, 3100)] }),
    );
    expect(codesOf(judgement)).toEqual(['noise-without-restart']);
  });

  it('excuse nothing when only one of them lost something', () => {
    const judgement = judged(
      withShams({ fate: (dueMs) => (isIn(dueMs, 150, 160) || isIn(dueMs, 1100, 1200) ? 'closed' : 1) }),
    );
    expect(judgement.result.verdict).toBe('fail');
    expect(codesOf(judgement)).toEqual(['requests-lost', 'lost-in-quiet-time']);
  });
});

describe('a session that was ended early because something was dropped', () => {
  it('fails for what was dropped, and says why there were fewer restarts', () => {
    const judgement = judged({
      restarts: 2,
      scenario: { name: 'x', target: { command: 'x' }, restart: { strategy: 'stop-start', count: 50, quiet: '1s' } },
      fate: (dueMs) => (isIn(dueMs, 3050, 3100) ? 'refused' : 1),
      more: [{ kind: 'bailed', session: 0, restart: 1, atMs: 4000 }],
    });
    expect(judgement.result.verdict).toBe('fail');
    expect(codesOf(judgement)).toEqual(['requests-lost', 'too-few-restarts']);
    expect(judgement.result.findings[1]?.message).toBe(
      'Only 2 restarts were completed, of 50 planned: --bail ended it at the first one that dropped requests.',
    );
  });
});
