import { describe, expect, it } from 'vitest';
import { surprisesOf } from '../../../src/judge/conclude/surprises.ts';
import { count, noCounts } from '../../../src/model/outcome.ts';
import type { Event } from '../../../src/model/event.ts';
import { judged, scenarioOf, story } from '../log.ts';

const counts = noCounts();
count(counts, 'refused', 3);
const end = { verdict: 'fail', findings: [{ code: 'requests-lost' }, { code: 'spikes' }], counts } as const;

describe('what is not as expected', () => {
  it('is nothing when all that was named is there, whatever else is', () => {
    expect(surprisesOf({ verdict: 'fail', findings: [], outcomes: [] }, end)).toEqual([]);
    expect(surprisesOf({ verdict: 'fail', findings: ['requests-lost'], outcomes: ['refused'] }, end)).toEqual([]);
  });

  it('is told verdict, finding and outcome apart', () => {
    expect(
      surprisesOf({ verdict: 'pass', findings: ['spikes', 'gap-too-long'], outcomes: ['refused', 'closed'] }, end),
    ).toEqual([
      'The verdict is fail, and pass was expected.',
      'The finding gap-too-long was expected and is missing.',
      'At least one request or sentinel was expected to end as closed, and none did.',
    ]);
  });
});

describe('a result', () => {
  const expecting = (outcomes: string[]) =>
    scenarioOf(2, { expect: { verdict: 'fail', findings: ['requests-lost'], outcomes } });

  it('keeps the verdict that was expected as a word, and says what else was', () => {
    const { result } = judged({ scenario: expecting(['reset']), fate: (dueMs) => (dueMs === 1050 ? 'reset' : 1) });
    expect(result).toMatchObject({
      asExpected: true,
      arms: [
        {
          expect: 'fail',
          expected: { findings: ['requests-lost'], outcomes: ['reset'] },
          asExpected: true,
          surprises: [],
        },
      ],
    });
  });

  it('is not as expected when the right verdict has another reason', () => {
    const { result } = judged({ scenario: expecting(['refused']), fate: (dueMs) => (dueMs === 1050 ? 'reset' : 1) });
    expect(result).toMatchObject({
      verdict: 'fail',
      asExpected: false,
      arms: [{ surprises: [expect.stringContaining('refused')] }],
    });
  });

  it('counts the outcomes of sentinels, too', () => {
    const more: Event[] = [
      { kind: 'sentinel', session: 0, restart: 1, sentinel: 'idle', index: 0, outcome: 'refused', story: story(3010) },
    ];
    const { result } = judged({ scenario: expecting(['refused']), more, sentinelsDue: 1 });
    expect(result).toMatchObject({ asExpected: true });
  });
});
