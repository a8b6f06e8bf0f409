/** A finding about several kinds of loss has a hint for each, the commonest first. */
import { describe, expect, it } from 'vitest';
import type { Event, Story } from '../../../../src/model/event.ts';
import type { Outcome } from '../../../../src/model/outcome.ts';
import { judged, scenarioOf, story } from '../../log.ts';

const sentinel = (index: number, outcome: Outcome, more: Partial<Story> = {}): Event => ({
  kind: 'sentinel',
  session: 0,
  restart: 0,
  sentinel: 'in-flight',
  index,
  outcome,
  story: story(1100, 5, more),
});
const RESET = { ending: 'rst', bytesRead: 0 } as const;

function hintOf(ended: Event[], scenario = scenarioOf(2), moments?: Record<string, number>): string {
  const options = moments === undefined ? {} : { moments: (n: number) => shifted(moments, 2000 * n) };
  const { result } = judged({ scenario, more: ended, sentinelsDue: ended.length, ...options });
  return result.findings[0]?.hint ?? '';
}

const shifted = (moments: Record<string, number>, byMs: number): Record<string, number> =>
  Object.fromEntries(Object.entries(moments).map(([moment, atMs]) => [moment, atMs + byMs]));

describe('two kinds of one outcome', () => {
  const mixed = [
    ...[0, 1, 2].map((index) => sentinel(index, 'reset', { ...RESET, uses: 3 })),
    ...[3, 4].map((index) => sentinel(index, 'reset', { ...RESET, uses: 0, bytesRead: 90 })),
  ];

  it('have a hint each: connections that were reset, answers that were cut', () => {
    const hint = hintOf(mixed);
    expect(hint).toMatch(/^3 of them: Kept-alive connections were reset.* 2 of them: Answers were cut off half-way/s);
  });

  it('are not numbered when there is one', () => {
    expect(hintOf(mixed.slice(3))).toMatch(/^Answers were cut off half-way/);
  });

  it('have none for a stray', () => {
    const many = Array.from({ length: 99 }, (_, index) => sentinel(index, 'reset', { ...RESET, uses: 3 }));
    expect(hintOf([...many, sentinel(99, 'truncated', { bytesRead: 9 })])).toMatch(
      /^Kept-alive connections were reset/,
    );
  });
});

describe.each([502, 504])('a status of %i', (status) => {
  it('is of a proxy that lost its backend', () => {
    expect(hintOf([sentinel(0, 'failed', { status })])).toContain('it lost the backend');
  });
});

it('a 503 to what follows a request in flight has a hint of its own', () => {
  const next = { ...(sentinel(0, 'rejected', { status: 503 }) as object), sentinel: 'in-flight-next' } as Event;
  expect(hintOf([next])).toContain('`Connection: close` with each answer after the signal');
});

describe('timeouts under socket-activation', () => {
  const slow = { began: 995, signalled: 1000, gone: 2800, ready: 2850, completed: 2900, settled: 2990 };
  const under = (order?: string) =>
    scenarioOf(1, { restart: { strategy: 'socket-activation', count: 1, quiet: '1s', ...(order && { order }) } });
  const timeout = [sentinel(0, 'timeout', { ending: 'open' })];

  it('say how long the old process took to leave', () => {
    expect(hintOf(timeout, under(), slow)).toMatch(
      /^The old process took 1\.8 s to leave.*`restart\.order: start-first`/,
    );
  });

  it('have another reason where the successor comes first, or the old one left soon', () => {
    expect(hintOf(timeout, under('start-first'), slow)).not.toContain('to leave');
    expect(hintOf(timeout, under())).not.toContain('to leave');
  });
});
