import { describe, expect, it } from 'vitest';
import type { Event, Story } from '../../../src/model/event.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { codesOf, judged, story } from '../log.ts';

const [FROM_MS, TO_MS] = [1010, 1110];
/** Arrivals of kept-alive connections that were due while the agent was held up, and sent when that was over. */
const late: Event[] = Array.from({ length: (TO_MS - FROM_MS) / 10 }, (_, n): Event => {
  const lateUs = (TO_MS - FROM_MS - 10 * n) * 1000;
  return {
    kind: 'answered',
    session: 0,
    stream: 'fresh',
    seq: [FROM_MS / 10 + n],
    lateUs: [lateUs],
    waitUs: [0],
    firstByteUs: [lateUs],
    latencyUs: [lateUs],
    connection: [n],
  };
});
const onKept = (dueMs: number, more: Partial<Story> = {}): Story =>
  story(dueMs, 1, { writtenMs: dueMs, ageMs: 500, uses: 3, ...more });

/** A run whose agent was held up, and in which these met no answer. */
function judgedWith(failures: readonly (readonly [Outcome, Story])[], scenario = {}): ReturnType<typeof judged> {
  const more = failures.map(([outcome, one]): Event => ({
    kind: 'failure',
    session: 0,
    stream: 'fresh',
    seq: one.dueMs / 10,
    outcome,
    story: one,
  }));
  const missing = new Set(failures.map(([, { dueMs }]) => dueMs));
  return judged({
    fate: (dueMs) => ((dueMs >= FROM_MS && dueMs < TO_MS) || missing.has(dueMs) ? null : 1),
    more: [...late, ...more],
    ...scenario,
  });
}

describe('a race that was met because zerodrop itself stalled', () => {
  const ours = ['raced', onKept(TO_MS)] as const;

  it('is told, and makes the run inconclusive', () => {
    const { result, failures } = judgedWith([ours]);
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings).toEqual([
      {
        code: 'harness-late',
        severity: 'inconclusive',
        arm: 'default',
        restart: 0,
        message:
          '1 request was raced in restarts, but zerodrop itself stalled for 100 ms before sending it: a ' +
          'punctual client might have lost nothing.',
        hint: expect.stringContaining('more free cores'),
      },
    ]);
    expect(failures).toMatchObject([
      { heldUpMs: 100, cause: expect.stringMatching(/zerodrop itself stalled for 100 ms before it wrote\.$/) },
    ]);
    expect(result.arms[0]?.requests.raced).toBe(1);
  });

  it('excuses no other one', () => {
    const { result } = judgedWith([ours, ['raced', onKept(1200)]]);
    expect(result.verdict).toBe('fail');
    expect(result.findings).toMatchObject([
      {
        code: 'requests-raced',
        message: expect.stringContaining(
          '2 requests were raced in 1 of 2 restarts; before 1 of them zerodrop itself stalled',
        ),
      },
    ]);
  });

  it('excuses no other kind of loss', () => {
    expect(codesOf(judgedWith([ours, ['truncated', onKept(1200)]]))).toEqual(['requests-lost', 'harness-late']);
  });
});

describe('what is held against the target however late zerodrop was', () => {
  it.each([
    ['a race on a connection that was opened after that', 'raced', onKept(TO_MS, { ageMs: 1 })],
    ['a race while it was held up for less', 'raced', onKept(1130)],
    ['a request that had been written before', 'closed', onKept(1000, { endMs: 1115 })],
    ['a request that had been written in part', 'closed', { ...story(1000, 115), bytesWritten: 10, connectMs: 1000 }],
    ['a moment when nobody listened', 'refused', story(TO_MS, 1, { connectMs: TO_MS })],
    ['half an answer', 'truncated', onKept(TO_MS)],
    ['an answer that never came', 'timeout', onKept(TO_MS, { endMs: 6000 })],
  ] as const)('is %s', (_, outcome, one) => {
    expect(judgedWith([[outcome, one]]).result.verdict).toBe('fail');
  });

  it('is a race while a request was under way that timed out unjudged', () => {
    const unsent = ['unsent', story(900, 400, { writtenMs: 900 })] as const;
    expect(codesOf(judgedWith([unsent, ['raced', onKept(1200)]]))).toEqual(['requests-raced', 'harness-late']);
  });

  it('is not a race after what was given up', () => {
    const unsent = ['unsent', story(950, 250, { sentMs: undefined, connection: -1 })] as const;
    expect(codesOf(judgedWith([unsent, ['raced', onKept(1200)]]))).toEqual(['harness-late', 'harness-late']);
  });

  it('is not a new connection that waited for us to write', () => {
    expect(
      judgedWith([
        ['reset', story(1000, 111, { connectMs: 1000, connectedMs: TO_MS, writtenMs: TO_MS, ageMs: 0, uses: 0 })],
      ]).result.verdict,
    ).toBe('inconclusive');
  });
});
