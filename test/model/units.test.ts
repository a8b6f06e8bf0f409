import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Duration, durationMs, durationText, Percent, Rate, ratePerSecond } from '../../src/model/units.ts';

describe('a duration', () => {
  it('is read in ms', () => {
    expect(['250ms', '1.5s', '1m30s', '2h', '700us', '0s', '16.1s'].map(durationMs)).toEqual([
      250, 1500, 90_000, 7_200_000, 0.7, 0, 16_100,
    ]);
    expect(['5', '5 s', '-1s', 's', '1e3ms', '', '1d'].map(durationMs)).toEqual(Array(7).fill(undefined));
  });

  it('is written so that it reads back', () => {
    expect([0, 0.5, 1, 1.5, 250, 999, 1000, 1500, 90_000].map(durationText)).toEqual([
      '0ms',
      '500us',
      '1ms',
      '1.5ms',
      '250ms',
      '999ms',
      '1s',
      '1.5s',
      '90s',
    ]);
    const tenths = Array.from({ length: 1_000_000 }, (_, index) => index / 10);
    expect(tenths.filter((ms) => durationMs(durationText(ms)) !== ms)).toEqual([]);
  });
});

describe('a rate', () => {
  it('is read per second', () => {
    expect(['500/s', '3000/min', '1.5 / sec', '60/minute'].map(ratePerSecond)).toEqual([500, 50, 1.5, 1]);
    expect(['500', '/s', '5/h', '-1/s'].map(ratePerSecond)).toEqual(Array(4).fill(undefined));
    expect(Rate.safeParse('0/s').success).toBe(false);
  });
});

it('codecs go both ways', () => {
  for (const [codec, text] of [
    [Duration, '250ms'],
    [Rate, '500/s'],
    [Percent, '95%'],
    [Percent, '33.3%'],
  ] as const) {
    expect(z.encode(codec, codec.parse(text))).toBe(text);
  }
  expect(Percent.safeParse('101%').success).toBe(false);
});
