/** The rule by which scenarios run side by side, and the needs that it goes by. */
import { describe, expect, it } from 'vitest';
import { entriesIn, type Entry } from './entries.ts';
import { nextOf, sideBySide, type Need } from './side-by-side.ts';
import { needIn, needOf, readWeights } from './weights.ts';

const need = (cores: number, seconds = 10): Need => ({ cores, seconds });

describe('the next to start', () => {
  it('is the first that still fits', () => {
    expect(nextOf([need(1.2), need(0.9), need(0.4), need(0.3)], [need(1)], 1.6)).toBe(2);
    expect(nextOf([need(1.2), need(0.9)], [need(1)], 1.6)).toBeUndefined();
    expect(nextOf([], [], 1.6)).toBeUndefined();
  });

  it('runs alone when it needs more than the cores carry', () => {
    expect(nextOf([need(2.5), need(0.1)], [], 1.6)).toBe(0);
    expect(nextOf([need(2.5)], [need(0.1)], 1.6)).toBeUndefined();
    expect(nextOf([need(0.1)], [need(2.5)], 1.6)).toBeUndefined();
  });
});

describe('work that runs side by side', () => {
  it('never needs more than the cores carry, is begun with the largest, and is all done', async () => {
    const works = [0.3, 0.9, 0.5, 2.4, 0.7, 0.1, 0.6, 0.4].map((cores, place) => need(cores, 1 + (place % 3)));
    const running = new Set<Need>();
    const begun: Need[] = [];
    const mostRunning: number[] = [];
    await sideBySide(
      works,
      (work) => work,
      1.6,
      async (work) => {
        begun.push(work);
        running.add(work);
        const taken = [...running].reduce((sum, { cores }) => sum + cores, 0);
        expect(taken <= 1.6 || running.size === 1).toBe(true);
        mostRunning.push(running.size);
        for (let turn = 0; turn < work.seconds; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        running.delete(work);
      },
    );
    expect(begun[0]).toMatchObject({ cores: 2.4 });
    expect(begun.toSorted((one, other) => one.cores - other.cores)).toEqual(
      works.toSorted((one, other) => one.cores - other.cores),
    );
    expect(Math.max(...mostRunning)).toBeGreaterThan(1);
  });

  it('starts nothing after an error, waits for what runs, and rejects with it', async () => {
    const ended: number[] = [];
    const all = sideBySide(
      [3, 2, 1],
      (seconds) => need(0.8, seconds),
      1.6,
      async (item) => {
        if (item === 3) throw new Error('broken');
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(item);
      },
    );
    await expect(all).rejects.toThrow('broken');
    expect(ended).toEqual([2]);
  });
});

describe('the need of a scenario', () => {
  it('is processor time over time, and unknown where it could not be measured', () => {
    expect(needIn({ cpuSeconds: 6, tookMs: 12_000, met: { load: 1, waitingShare: 0.3 } })).toEqual({
      cores: 0.5,
      seconds: 12,
    });
    expect(needIn({ tookMs: 12_000, met: { load: 1 } })).toBeUndefined();
    expect(needIn({ cpuSeconds: 6, tookMs: 12_000, met: { load: 9, waitingShare: 0.9 } })).toBeUndefined();
  });

  it('is the measured one, and for one that was never weighed a high one for its kind', async () => {
    const entries = await entriesIn('scenarios');
    const named = (name: string): Entry => entries.find((entry) => entry.name === name) as Entry;
    expect(needOf(named('node/close'), new Map([['node/close', need(0.2)]]))).toEqual(need(0.2));
    const [plain, fleet, crashing] = ['go/close', 'fleet/rolling', 'fleet/rolling-crash-loop'].map(
      (name) => needOf(named(name), new Map()).cores,
    ) as [number, number, number];
    expect(fleet).toBeGreaterThan(plain);
    expect(crashing).toBeGreaterThan(fleet);
    expect(needOf(named('demo'), new Map()).seconds).toBe(3 * needOf(named('node/close'), new Map()).seconds);
  });

  it('is kept only for scenarios that exist', async () => {
    const names = (await entriesIn('scenarios')).map(({ name }) => name);
    expect([...readWeights().keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
});
