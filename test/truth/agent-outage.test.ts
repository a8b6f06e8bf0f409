import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { dueCountBy } from '../../src/traffic/pacing.ts';
import { answerOf, startRawServer, type RawServer } from '../traffic/raw-server.ts';
import { planOf, runAgent, streamOf } from './agent-run.ts';

let server: RawServer;
afterEach(() => server.stop());

describe.each(['wire', 'undici'] as const)('an outage, met by the %s client', (kind) => {
  it('costs the arrivals that were due in it, whatever the speed of a refusal', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const streams = [streamOf(), streamOf({ name: 'kept', connection: 'reused', firstDueMs: 3 })];
    const log = { closedMs: 0, openMs: 0 };
    const told = await runAgent(planOf(server.origin, streams, { kind }), 2000, async (_agent, nowMs) => {
      await delay(600);
      await server.stop();
      log.closedMs = nowMs();
      await delay(500);
      log.openMs = nowMs();
      await server.restart();
    });
    for (const { name, firstDueMs, ratePerSecond } of streams) {
      const due = dueCountBy(log.openMs, firstDueMs, ratePerSecond) - dueCountBy(log.closedMs, firstDueMs, ratePerSecond);
      const outcomes = [...(told.outcomes.get(name)?.values() ?? [])];
      const refused = outcomes.filter((outcome) => outcome === 'refused' || outcome === 'unsent').length;
      expect(due).toBeGreaterThanOrEqual(100);
      // Both ends are only known to the lateness of two busy processes.
      expect(Math.abs(refused - due)).toBeLessThanOrEqual(6);
    }
    const due = Number(told.end?.due['fresh']) + Number(told.end?.due['kept']);
    expect(Object.values(told.counts).reduce((sum, count) => sum + count, told.unsent)).toBe(due);
  });
});
