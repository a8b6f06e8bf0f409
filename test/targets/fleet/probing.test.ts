import { expect, it } from 'vitest';
import { tallyAfter, type Tally } from '../../../src/targets/fleet/probing.ts';

/** `+` for a passed probe, `-` for a failed one; the result says after each whether it counts as well. */
function said(answers: string, first: boolean, successThreshold: number, failureThreshold: number): string {
  let tally: Tally = { passing: first, against: 0 };
  return Array.from(answers)
    .map((answer) => {
      tally = tallyAfter(tally, answer === '+', { successThreshold, failureThreshold });
      return tally.passing ? '+' : '-';
    })
    .join('');
}

it('changes its mind only after so many answers in a row', () => {
  expect(said('-+--+---+', false, 1, 3)).toBe('-++++++-+');
  expect(said('++-+++', false, 3, 1)).toBe('-----+');
  expect(said('--+--', true, 1, 3)).toBe('+++++');
});
