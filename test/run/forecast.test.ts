import { expect, it } from 'vitest';
import { forecastOf, remainderOf } from '../../src/run/forecast.ts';

it('tells the least time before the first restart, and rounds it as one would say it', () => {
  expect(forecastOf([{ restarts: 59, quietMs: 1000 }])).toBe('59 restarts, at least 2 min');
  expect(
    forecastOf([
      { restarts: 5, quietMs: 500 },
      { restarts: 10, quietMs: 500 },
    ]),
  ).toBe('2 arms with 15 restarts, at least 15 s');
});

it('tells what is left once a restart was timed', () => {
  expect(remainderOf(58, 4100)).toBe('58 more restarts, about 4 min');
  expect(remainderOf(1, 200)).toBe('1 more restart, about 1.0 s');
});
