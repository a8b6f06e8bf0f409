import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { isLost } from '../../src/model/outcome.ts';
import { answerOf, startRawServer, type RawServer } from '../traffic/raw-server.ts';
import { planOf, runAgent, streamOf } from './agent-run.ts';

let server: RawServer;
afterEach(() => server.stop());

describe.each(['wire', 'undici'] as const)('a starved agent with the %s client', (kind) => {
  it('calls what it could not send in time unsent, and blames nothing on the target', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const streams = [streamOf(), streamOf({ name: 'kept', connection: 'reused' })];
    const told = await runAgent(planOf(server.origin, streams, { kind }), 2500, async (agent) => {
      await delay(500);
      process.kill(agent.pid, 'SIGSTOP');
      await delay(1000);
      process.kill(agent.pid, 'SIGCONT');
    });
    // Stopped for a second, it is late for all but the last 250 ms of it.
    expect(told.unsent).toBeGreaterThanOrEqual(280);
    expect(told.failures.filter(({ outcome }) => isLost(outcome))).toEqual([]);
    expect(told.counts).toEqual({ answered: server.requests });
    expect(server.requests + told.unsent).toBe(1000);
    expect(told.harness?.sendDelayMaxMs).toBeGreaterThan(900);
    expect(told.harness?.eventLoopDelayMaxMs).toBeGreaterThan(900);
    const story = told.failures.find(({ outcome }) => outcome === 'unsent')?.story;
    expect(story?.note).toMatch(/^The harness was \d+ ms late/);
    expect(story?.sentMs).toBeUndefined();
  });

  it('reads what ended while it stood still before it writes', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const kept = streamOf({ name: 'kept', connection: 'reused', connections: 32 });
    const told = await runAgent(planOf(server.origin, [kept], { kind }), 2000, async (agent) => {
      for (let stop = 0; stop < 3; stop += 1) {
        await delay(300);
        process.kill(agent.pid, 'SIGSTOP');
        // Until the server has answered what was under way: what it closes then is idle.
        await delay(50);
        await server.closeUsed();
        await delay(100);
        process.kill(agent.pid, 'SIGCONT');
      }
    });
    // But for what it was about to write when it was stopped: nothing can be read in the middle of that.
    const stopped = told.failures.filter(
      ({ outcome, story: { sentMs = 0, writtenMs = 0 } }) => outcome === 'raced' && writtenMs - sentMs > 100,
    ).length;
    expect(told.counts).toEqual({
      answered: Number(told.end?.due['kept']) - told.unsent - stopped,
      ...(stopped > 0 ? { raced: stopped } : {}),
    });
  });

  it('blames no timeout on the target that it owes to its own standstill', async () => {
    server = await startRawServer(({ socket }) => void delay(500).then(() => socket.write(answerOf('x'))));
    const told = await runAgent(planOf(server.origin, [streamOf()], { kind, timeoutMs: 2000 }), 4000, async (agent) => {
      await delay(700);
      process.kill(agent.pid, 'SIGSTOP');
      await delay(2500);
      process.kill(agent.pid, 'SIGCONT');
    });
    expect(told.counts).toEqual({ answered: told.latenciesMs.length });
    expect(told.unsent).toBeGreaterThanOrEqual(430);
    expect(told.outcomes.get('fresh')?.size).toBe(800);
  });
});
