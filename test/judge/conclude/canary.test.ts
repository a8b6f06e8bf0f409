import { describe, expect, it } from 'vitest';
import { canaryAnswerOf } from '../../../src/judge/conclude/canary.ts';
import type { SetFacts } from '../../../src/model/canary.ts';

const set = (requests: number, failures = 0, ms: (at: number) => number = () => 2): SetFacts => ({
  requests,
  failures,
  latenciesMs: Array.from({ length: requests - failures }, (_, at) => ms(at)).sort((one, other) => one - other),
});
const step = (fresh: SetFacts, old: SetFacts, share?: number, unplaced = 0) =>
  canaryAnswerOf({ fresh, old, unplaced, errorsBelow: 0.05, ...(share === undefined ? {} : { share }) });

describe('a step of a canary', () => {
  it('passes when enough requests show that few fail', () => {
    expect(step(set(90), set(810), 0.1)).toMatchObject({
      verdict: 'pass',
      message: expect.stringContaining('10% of new connections where 10% were asked for'),
    });
  });

  it('is inconclusive when there was too little', () => {
    expect(step(set(58), set(522))).toMatchObject({
      verdict: 'inconclusive',
      hint: expect.stringContaining('59 requests'),
    });
    expect(step(set(59), set(531)).verdict).toBe('pass');
    expect(step(set(0), set(100)).verdict).toBe('inconclusive');
  });

  it('fails when the new set fails more often than chance explains', () => {
    expect(step(set(90, 27), set(810)).verdict).toBe('fail');
    expect(step(set(90, 1), set(810)).verdict).not.toBe('fail');
    expect(step(set(90, 5), set(810, 45)).verdict).toBe('inconclusive');
  });

  it('fails when the new set is clearly slower, and not for a little noise', () => {
    expect(
      step(
        set(90, 0, () => 400),
        set(810),
      ).verdict,
    ).toBe('fail');
    expect(
      step(
        set(90, 0, (at) => (at < 3 ? 90 : 2)),
        set(810, 0, (at) => (at < 9 ? 30 : 2)),
      ).verdict,
    ).toBe('pass');
    expect(
      step(
        set(90, 0, () => 20),
        set(810),
      ).verdict,
    ).toBe('pass');
  });

  it('is inconclusive when the share is not the one that was asked for', () => {
    expect(step(set(300), set(600), 0.1)).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('33% of new connections'),
    });
  });

  it('is inconclusive when failures that nobody can place may be too many of the new set', () => {
    expect(step(set(90), set(810), undefined, 27)).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('27 more failed'),
    });
    expect(step(set(300), set(300), undefined, 1).verdict).toBe('pass');
  });
});
