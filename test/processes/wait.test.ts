import { expect, it } from 'vitest';
import { until, untilOutcome } from '../../src/processes/wait.ts';

const never = (): Promise<never> => new Promise(() => undefined);

it('looks once at least', async () => {
  expect(await untilOutcome(() => 'seen', 0)).toBe('seen');
  expect(await until(() => true, -1)).toBe(true);
});

it('gives a look up that hangs', async () => {
  let looks = 0;
  expect(await untilOutcome(() => ((looks += 1) < 3 ? undefined : never()), 100)).toBeUndefined();
  expect(looks).toBeGreaterThanOrEqual(3);
});

it('takes a limit longer than any timer for what it is', async () => {
  let looks = 0;
  expect(await until(() => (looks += 1) === 3, 1e12)).toBe(true);
});

it('ends when it is told to', async () => {
  expect(await until(() => false, 60_000, AbortSignal.abort())).toBe(false);
});
