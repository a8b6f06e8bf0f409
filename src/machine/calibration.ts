/**
 * What a calibration tells: how fast this machine sends on time, and how short a stall it can tell from noise.
 *
 * Rule: pure. On time means that one arrival in a hundred at most left 5 ms or more after it was due, and that none was
 * unsent. A stall can be told from noise when it is longer than the slowest answer but for one in a thousand (p99.9) of
 * a server that does not stall, and the time until the next arrival meets it.
 */
import { check, type Check } from './check.ts';
import type { Need } from './need.ts';
import { quantileOf } from '../model/quantile.ts';

/** Rates that are tried one after another, per second. */
export const RATES = [500, 1000, 2000, 3000, 5000, 8000, 12_000, 18_000] as const;

const LATEST_P99_MS = 5;
/** Stalls of this length are what a careful reader wants to see. */
const WANTED_STALL_MS = 20;

/** What was seen at one rate. */
export interface Rung {
  ratePerSecond: number;
  sendDelayP99Ms: number;
  unsent: number;
}

export interface Calibration {
  rungs: Rung[];
  /** The highest rate that was sent on time; 0 when none was. */
  highestRatePerSecond: number;
  /** The highest rate that was tried was on time, too. */
  mayBeHigher: boolean;
  /** p99.9 of the answers at the default rates, less the lateness of the harness. */
  answerP999Ms: number;
  shortestStallMs: number;
  /** How the shortest stall was found, in words. */
  rule: string;
}

/** Whether a rate was sent on time. */
export function isOnTime({ sendDelayP99Ms, unsent }: Rung): boolean {
  return sendDelayP99Ms < LATEST_P99_MS && unsent === 0;
}

/** A calibration, from the rates tried (ascending) and the answers at `ratePerSecond`, in ms. */
export function calibrationOf(
  rungs: readonly Rung[],
  latenciesMs: readonly number[],
  ratePerSecond: number,
): Calibration {
  const ascending = [...latenciesMs].sort((one, other) => one - other);
  const answerP999Ms = quantileOf(ascending, 0.999);
  const apartMs = 1000 / ratePerSecond;
  const highest = rungs.findLast(isOnTime)?.ratePerSecond ?? 0;
  return {
    rungs: [...rungs],
    highestRatePerSecond: highest,
    mayBeHigher: highest === RATES.at(-1),
    answerP999Ms,
    shortestStallMs: answerP999Ms + apartMs,
    rule:
      `One answer in a thousand takes ${answerP999Ms.toFixed(1)} ms or more here without any stall, and at ` +
      `${ratePerSecond} requests/s a stall may be ${apartMs.toFixed(1)} ms old when the next request meets it; ` +
      'shorter stalls cannot be distinguished from noise.',
  };
}

/** What the calibration means for what is needed. */
export function calibrationChecksOf(
  { highestRatePerSecond, mayBeHigher, shortestStallMs }: Calibration,
  need: Need,
): Check[] {
  const needed = need.arrivalsPerSecond.toLocaleString('en-US');
  return [
    check(
      'rate',
      `${highestRatePerSecond.toLocaleString('en-US')} requests/s ${mayBeHigher ? 'and more ' : ''}are sent on ` +
        `time; ${needed} are needed`,
      [
        highestRatePerSecond < need.arrivalsPerSecond,
        'problem',
        'Lower the rates, end other work on this machine, or take one with more free cores: arrivals would be ' +
          'late or unsent.',
      ],
    ),
    check('stall', `the shortest stall that can be distinguished from noise lasts ${shortestStallMs.toFixed(1)} ms`, [
      shortestStallMs > WANTED_STALL_MS,
      'warn',
      `Ask no threshold for spikes or gaps below ${Math.ceil(shortestStallMs)} ms here, or take a quieter machine.`,
    ]),
  ];
}
