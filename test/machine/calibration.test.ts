import { describe, expect, it } from 'vitest';
import { calibrationChecksOf, calibrationOf, isOnTime, RATES, type Rung } from '../../src/machine/calibration.ts';

const NEED = { arrivalsPerSecond: 400, freshPerSecond: 200, connections: 2048 };
const rung = (ratePerSecond: number, more: Partial<Rung> = {}): Rung => ({
  ratePerSecond,
  sendDelayP99Ms: 1,
  unsent: 0,
  ...more,
});

describe('a calibration', () => {
  it('calls a rate on time when p99 is below 5 ms and nothing is unsent', () => {
    expect([isOnTime(rung(1)), isOnTime(rung(1, { sendDelayP99Ms: 5 })), isOnTime(rung(1, { unsent: 1 }))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('finds the highest rate that was on time', () => {
    expect(calibrationOf([rung(500), rung(1000), rung(2000, { unsent: 3 })], [1], 400)).toMatchObject({
      highestRatePerSecond: 1000,
      mayBeHigher: false,
    });
    expect(
      calibrationOf(
        RATES.map((rate) => rung(rate)),
        [1],
        400,
      ),
    ).toMatchObject({ highestRatePerSecond: RATES.at(-1), mayBeHigher: true });
    expect(calibrationOf([rung(500, { sendDelayP99Ms: Infinity })], [], 400).highestRatePerSecond).toBe(0);
  });

  it('puts the shortest stall above all but one answer in a thousand', () => {
    const latencies = Array.from({ length: 2000 }, (_, index) => (index < 1997 ? 1 : 10 + index - 1997));
    const { answerP999Ms, shortestStallMs, rule } = calibrationOf([rung(500)], latencies, 400);
    expect(answerP999Ms).toBe(10);
    expect(shortestStallMs).toBe(12.5);
    expect(rule).toContain('10.0 ms');
  });

  it('tells when the machine is not fit for what is needed', () => {
    const levels = (rungs: Rung[], latencies: number[]): string[] =>
      calibrationChecksOf(calibrationOf(rungs, latencies, 400), NEED).map(({ level }) => level);
    expect(levels([rung(500)], [1])).toEqual(['ok', 'ok']);
    expect(levels([rung(500, { unsent: 1 })], [90])).toEqual(['problem', 'warn']);
  });
});
