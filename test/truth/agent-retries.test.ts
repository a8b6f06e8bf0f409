import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalAgent as Agent } from '../../src/traffic/agents/local.ts';
import { answerOf, startRawServer, type RawServer } from '../traffic/raw-server.ts';
import { planOf, runAgent, streamOf } from './agent-run.ts';

let server: RawServer;
afterEach(() => server.stop());

const kept = streamOf({ name: 'kept', connection: 'reused', ratePerSecond: 1000, connections: 64 });

/**
 * Makes the keep-alive race: while the agent stands still for a few milliseconds, too short to be late by its own rule,
 * all idle connections are closed. Stopped as it waits, it wakes to its timer before it looks at its sockets, and sends
 * on some of them.
 */
async function raceWith(agent: Agent): Promise<void> {
  await delay(600);
  for (let race = 0; race < 20; race += 1) {
    const endMs = performance.now() + 5;
    process.kill(agent.pid, 'SIGSTOP');
    // What is under way is read first: it would be reset, and that is no race.
    await delay(2);
    await server.closeUsed();
    while (performance.now() < endMs);
    process.kill(agent.pid, 'SIGCONT');
    await delay(50);
  }
}

describe.each(['wire', 'undici'] as const)('the %s client', (kind) => {
  it('sends nothing twice to a server that resets every seventh request', async () => {
    let resets = 0;
    server = await startRawServer(({ socket, index }) => {
      if (index % 7 !== 3) return void socket.write(answerOf('x'));
      resets += 1;
      socket.resetAndDestroy();
    });
    const told = await runAgent(planOf(server.origin, [streamOf(), kept], { kind }), 1000);
    const due = Number(told.end?.due['fresh']) + Number(told.end?.due['kept']);
    expect(server.requests + told.unsent).toBe(due);
    expect(told.counts).toEqual({ answered: server.requests - resets, reset: resets });
    expect(told.retries).toBe(0);
  });
});

/**
 * On a busy machine a request may still lie unread in a connection that is closed: that is a reset, which nobody can
 * tell from one of a request that was read.
 */
const unread = (reset: number): { reset?: number } => (reset > 0 ? { reset } : {});

describe('the keep-alive race', () => {
  it('is counted and not repeated when clients do not', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const told = await runAgent(planOf(server.origin, [kept]), 2000, raceWith);
    const { raced = 0, reset = 0 } = told.counts;
    expect(raced).toBeGreaterThan(0);
    expect(told.counts).toEqual({ answered: server.requests, raced, ...unread(reset) });
    expect(server.requests + raced + reset + told.unsent).toBe(told.end?.due['kept']);
    expect(told.retries).toBe(0);
  });

  it('is repeated once, and counted as that, when clients repeat idempotent requests', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const told = await runAgent(planOf(server.origin, [kept], { retry: 'idempotent' }), 2000, raceWith);
    expect(told.retries).toBeGreaterThan(0);
    // A reset of a reused connection is repeated, too, so that nothing is left.
    expect(told.counts).toEqual({ answered: server.requests });
    expect(server.requests + told.unsent).toBe(told.end?.due['kept']);
  });

  it('is not repeated when the request is not idempotent', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const posts = { ...kept, request: { ...kept.request, method: 'POST' } };
    const told = await runAgent(planOf(server.origin, [posts], { retry: 'idempotent' }), 2000, raceWith);
    expect(told.counts.raced).toBeGreaterThan(0);
    expect(told.retries).toBe(0);
  });
});
