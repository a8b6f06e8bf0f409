/**
 * The positive control with real processes: what the leaky server did is what the agent counted, whichever client
 * sends.
 */
import { describe, expect, it } from 'vitest';
import { controlPlanOf, leakPlanOf } from '../../src/controls/positive.ts';
import { startLeakyServer } from '../../src/controls/leaky-process.ts';
import { scenarioOf } from '../../src/run/load.ts';
import type { Event, EventOf } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Arm, ScenarioSource } from '../../src/model/scenario.ts';
import { runPositiveControls } from '../../src/run/positive-control.ts';
import { planOf } from '../../src/traffic/plan.ts';

function armsOf(more: Partial<ScenarioSource> = {}): Arm[] {
  return scenarioOf({ name: 'x', target: { command: 'node server.mjs' }, restart: { strategy: 'stop-start' }, ...more })
    .arms;
}

const planned = (more: Partial<ScenarioSource> = {}): Plan =>
  controlPlanOf(planOf(armsOf(more)[0] as Arm, 'http://127.0.0.1:1'), 'http://127.0.0.1:1');

async function controlled(arms: readonly Arm[]): Promise<EventOf<'control'>[]> {
  const events: Event[] = [];
  await runPositiveControls(arms, {
    nowMs: () => performance.now(),
    write: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  return events as EventOf<'control'>[];
}

describe('the positive control', () => {
  it.each(['wire', 'undici'] as const)('counts every fault with the %s client', async (kind) => {
    const arrivals = {
      fresh: { rate: '200/s', connection: 'new' as const },
      keepalive: { rate: '200/s', connection: 'reused' as const, connections: 8, path: '/some?where=1' },
      posted: {
        rate: '50/s',
        connection: 'reused' as const,
        method: 'POST',
        body: 'x'.repeat(2000),
        headers: { 'x-mark': 'y' },
      },
      heads: { rate: '50/s', method: 'HEAD' },
    };
    const [event] = await controlled(
      armsOf({ traffic: { arrivals, client: { kind, timeout: '600ms', retry: 'idempotent' } } }),
    );
    expect(event?.problem).toBeUndefined();
    for (const outcome of ['answered', 'closed', 'reset', 'truncated', 'rejected', 'failed', 'timeout'] as const) {
      expect(event?.expected[outcome], outcome).toBeGreaterThan(0);
    }
    expect(event?.counted).toEqual(event?.expected);
  });

  it.each([
    ['in clear', 'http', 'none', '1s'],
    // A stall is no timeout where this process is held up, as the handshakes may do on a busy machine.
    ['through TLS, whatever is repeated otherwise', 'https', 'idempotent', '5s'],
  ] as const)('counts every fault with the http2 client, %s', async (_, scheme, retry, timeout) => {
    const arrivals = {
      fresh: { rate: '80/s', connection: 'new' as const },
      keepalive: { rate: '80/s', connection: 'reused' as const, connections: 4, path: '/some?where=1' },
      posted: {
        rate: '20/s',
        connection: 'reused' as const,
        connections: 2,
        method: 'POST',
        body: 'x'.repeat(70_000),
      },
      heads: { rate: '20/s', method: 'HEAD' },
    };
    const target = { command: 'node server.mjs', url: `${scheme}://127.0.0.1:\${PORT}` };
    const client = { kind: 'http2' as const, timeout, retry };
    const [event] = await controlled(armsOf({ target, traffic: { arrivals, client } }));
    expect(event?.problem).toBeUndefined();
    const outcomes = ['answered', 'closed', 'reset', 'truncated', 'rejected', 'failed'] as const;
    for (const outcome of outcomes) expect(event?.expected[outcome], outcome).toBeGreaterThan(0);
    if (scheme === 'http') expect(event?.expected.timeout).toBeGreaterThan(0);
    expect(event?.expected.raced).toBeGreaterThan(0);
    expect(event?.counted).toEqual(event?.expected);
  });

  it('is measured once for arms with the same traffic, and not for those that do without', async () => {
    const arms = armsOf({
      arms: {
        a: {},
        b: { target: { environment: { X: '1' } } },
        c: { controls: { positive: false } },
        d: { traffic: { client: { kind: 'undici' } } },
      },
    });
    const events = await controlled(arms);
    expect(events.map((event) => event.arms)).toEqual([['a', 'b'], ['d']]);
    for (const { expected, counted } of events) expect(counted).toEqual(expected);
  });
});

describe('its plan', () => {
  it('keeps the traffic, but raises rates that would meet too few faults', () => {
    const fast = planned({
      traffic: { arrivals: { a: { rate: '600/s', connection: 'reused' }, b: { rate: '400/s', path: '/b' } } },
    });
    expect(
      fast.streams.map(({ ratePerSecond, connection, request }) => [ratePerSecond, connection, request.path]),
    ).toEqual([
      [600, 'reused', '/'],
      [400, 'new', '/b'],
    ]);
    const slow = planned({ traffic: { arrivals: { a: { rate: '3/s' }, b: { rate: '1/s' } } } });
    expect(slow.streams.map(({ ratePerSecond }) => ratePerSecond)).toEqual([150, 50]);
    expect(leakPlanOf(fast).share).toBeLessThan(leakPlanOf(slow).share);
  });

  it('stalls only where the deadline is near', () => {
    expect(leakPlanOf(planned()).leaks).not.toContain('stalled');
    expect(leakPlanOf(planned({ traffic: { client: { timeout: '800ms' } } })).leaks).toContain('stalled');
    expect(planned({ traffic: { client: { timeout: '20ms' } } }).client.timeoutMs).toBe(500);
  });
});

describe('the process of the leaky server', () => {
  it('is gone when it was closed', async () => {
    const server = await startLeakyServer({ leaks: ['closed'], share: 1 });
    await expect(fetch(server.origin)).rejects.toThrow();
    expect(await server.tally()).toEqual({ closed: 1 });
    await server.close();
    expect(() => process.kill(server.pid, 0)).toThrow();
    await expect(server.tally()).rejects.toThrow();
  });
});
