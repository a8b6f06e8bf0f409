import { describe, expect, it } from 'vitest';
import { Traffic } from '../../src/model/scenario.ts';
import { agentCountsOf, agentsFor } from '../../src/run/agents.ts';

const arm = (rate: string, agents: 'auto' | number = 'auto'): { traffic: Traffic } => ({
  traffic: Traffic.parse({ agents, arrivals: { fresh: { rate, connection: 'new' } } }),
});

describe('the number of agents', () => {
  it('is what the rate asks for, and never more than the cores', () => {
    expect(agentsFor(3500, 5000, 8)).toBe(1);
    expect(agentsFor(3501, 5000, 8)).toBe(2);
    expect(agentsFor(30_000, 5000, 4)).toBe(4);
    expect(agentsFor(10_000, Infinity, 4)).toBe(1);
    expect(agentsFor(10_000, 0, 4)).toBe(4);
  });

  it('is measured once, and only for a high rate that names none', async () => {
    let measured = 0;
    const measure = (): Promise<number> => {
      measured += 1;
      return Promise.resolve(100_000);
    };
    const never = new AbortController().signal;
    const ordinary = [arm('400/s'), arm('9000/s', 3)];
    expect([...(await agentCountsOf(ordinary, never, measure)).values()]).toEqual([1, 3]);
    expect(measured).toBe(0);
    const high = [arm('4000/s'), arm('5000/s'), arm('100/s')];
    expect([...(await agentCountsOf(high, never, measure)).values()]).toEqual([1, 1, 1]);
    expect(measured).toBe(1);
  });
});
