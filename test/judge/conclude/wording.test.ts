import { describe, expect, it } from 'vitest';
import { listText, msText, quantity, shareText } from '../../../src/judge/conclude/wording.ts';

describe('numbers in sentences', () => {
  it('have as many digits as they are worth', () => {
    expect([0.9512, 0.95, 3.14159, 12.4, 999, 1234, 9949, 12_345].map(msText)).toEqual([
      '0.95 ms',
      '0.95 ms',
      '3.1 ms',
      '12 ms',
      '999 ms',
      '1.2 s',
      '9.9 s',
      '12 s',
    ]);
    expect([1, 0, 1200].map((count) => quantity(count, 'request'))).toEqual([
      '1 request',
      '0 requests',
      '1,200 requests',
    ]);
  });

  it('keep a bound true', () => {
    expect([0.13911, 0.04951, 0.00997, 0.2, 1].map(shareText)).toEqual(['14 %', '5 %', '1 %', '20 %', '100 %']);
  });

  it('are joined as people do', () => {
    expect([listText([]), listText(['a']), listText(['a', 'b']), listText(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
