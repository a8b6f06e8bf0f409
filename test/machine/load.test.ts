/** Shares of a machine from texts as the kernel writes them. */
import { describe, expect, it } from 'vitest';
import { countersIn, loadBetween } from '../../src/machine/load.ts';

const stat = (user: number, idle: number, steal = 0): string =>
  `cpu  ${user} 10 20 ${idle} 5 1 2 ${steal} 0 0\ncpu0 1 2 3 4\nprocs_running 7\nprocs_blocked 0\n`;
const pressure = (totalUs: number): string =>
  `some avg10=1.00 avg60=2.00 avg300=3.00 total=${totalUs}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n`;

describe('the load of a machine', () => {
  it('is what passed between two looks', () => {
    const [before, after] = [
      countersIn(stat(100, 1000), pressure(1_000_000)),
      countersIn(stat(180, 1010, 10), pressure(1_250_000)),
    ];
    if (before === undefined || after === undefined) throw new Error('no counters');
    expect(loadBetween(before, after, 500, 30)).toEqual({
      busyShare: 0.8,
      othersShare: 0.5,
      stolenShare: 0.1,
      stalledShare: 0.5,
      runnable: 7,
    });
  });

  it('says nothing of stalls where the kernel does not, nor of a time without a tick', () => {
    const [before, after] = [countersIn(stat(100, 1000), undefined), countersIn(stat(150, 1050), undefined)];
    if (before === undefined || after === undefined) throw new Error('no counters');
    expect(loadBetween(before, after, 500, 80)).toEqual({
      busyShare: 0.5,
      othersShare: 0,
      stolenShare: 0,
      runnable: 7,
    });
    expect(loadBetween(before, before, 500, 0)).toBeUndefined();
    expect(countersIn('', undefined)).toBeUndefined();
  });
});
