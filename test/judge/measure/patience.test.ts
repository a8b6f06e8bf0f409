import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/model/event.ts';
import { judged, story } from '../log.ts';

/** Restart n is signalled at 2000 n + 1000 ms. */
const at = (restart: number, notAcceptingMs: number, goneMs: number) => ({
  'not-accepting': 2000 * restart + 1000 + notAcceptingMs,
  gone: 2000 * restart + 1000 + goneMs,
});
const cut: Event = {
  kind: 'sentinel',
  session: 0,
  restart: 0,
  sentinel: 'in-flight',
  index: 0,
  outcome: 'closed',
  story: story(1000, 30),
};

function messageWhen(answersMs: number, moments: [number, number], more = cut): string {
  const { result } = judged({
    more: [more],
    sentinelsDue: 1,
    fate: () => answersMs,
    moments: (restart) => at(restart, ...moments),
  });
  return result.findings.find(({ code }) => code === 'requests-lost')?.message ?? '';
}

describe('an old instance that was answering', () => {
  it('and left sooner than an answer takes is told, with both times', () => {
    expect(messageWhen(300, [0, 100])).toContain(
      'the old instance was gone 100 ms after it stopped accepting, at the most, and answers take up to 300 ms',
    );
  });

  it('and left at once has not waited at all, however late it stopped accepting', () => {
    expect(messageWhen(300, [600, 600])).toContain('was gone 0 ms after it stopped accepting');
  });

  it('and waited long enough has lost them for another reason', () => {
    expect(messageWhen(300, [0, 400])).not.toContain('stopped accepting');
  });

  it('is not blamed for connections that nobody accepted', () => {
    expect(messageWhen(300, [0, 100], { ...cut, outcome: 'refused' })).not.toContain('stopped accepting');
  });
});
