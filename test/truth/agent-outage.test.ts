import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { dueCountBy } from '../../src/model/pacing.ts';
import { answerOf, startRawServer, type RawServer } from '../traffic/raw-server.ts';
import { planOf, runAgent, streamOf } from './agent-run.ts';

/** Arrivals that leave on the other side of an end, on two busy cores. */
const LATE = 6;

let server: RawServer;
afterEach(() => server.stop());

describe.each(['wire', 'undici'] as const)('an outage, met by the %s client', (kind) => {
  it('costs the arrivals that were due in it, whatever the speed of a refusal', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const streams = [streamOf(), streamOf({ name: 'kept', connection: 'reused', firstDueMs: 3 })];
    const log = { closingMs: 0, closedMs: 0, openingMs: 0, openMs: 0 };
    const told = await runAgent(planOf(server.origin, streams, { kind }), 2000, async (_agent, nowMs) => {
      await delay(600);
      log.closingMs = nowMs();
      await server.stop();
      log.closedMs = nowMs();
      await delay(500);
      log.openingMs = nowMs();
      await server.restart();
      log.openMs = nowMs();
    });
    for (const { name, firstDueMs, ratePerSecond } of streams) {
      const dueIn = (fromMs: number, toMs: number): number =>
        dueCountBy({ firstDueMs, ratePerSecond }, toMs) - dueCountBy({ firstDueMs, ratePerSecond }, fromMs);
      const outcomes = [...(told.outcomes.get(name)?.values() ?? [])];
      const refused = outcomes.filter((outcome) => outcome === 'refused' || outcome === 'unsent').length;
      // Nobody listened at least from closed to opening, and at most from closing to open; an arrival may leave a
      // little late.
      expect(refused).toBeGreaterThanOrEqual(dueIn(log.closedMs, log.openingMs) - LATE);
      expect(refused).toBeLessThanOrEqual(dueIn(log.closingMs, log.openMs) + LATE);
      expect(refused).toBeGreaterThan(80);
    }
    const due = Number(told.end?.due['fresh']) + Number(told.end?.due['kept']);
    expect(Object.values(told.counts).reduce((sum, count) => sum + count, told.unsent)).toBe(due);
  });
});
