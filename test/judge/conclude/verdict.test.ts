import { describe, expect, it } from 'vitest';
import { verdictOf, worstOf } from '../../../src/judge/conclude/verdict.ts';

const of = (...severities: ('fail' | 'inconclusive' | 'note')[]) =>
  verdictOf(severities.map((severity) => ({ severity })));

describe('the verdict', () => {
  it('is the worst that any finding says', () => {
    expect([of(), of('note'), of('note', 'inconclusive'), of('inconclusive', 'fail', 'note')]).toEqual([
      'pass',
      'pass',
      'inconclusive',
      'fail',
    ]);
  });

  it('of several is the worst of them', () => {
    expect([worstOf([]), worstOf(['pass', 'inconclusive']), worstOf(['fail', 'inconclusive', 'pass'])]).toEqual([
      'pass',
      'inconclusive',
      'fail',
    ]);
  });
});
