import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startPressure } from '../../../src/traffic/pressure/pressure.ts';
import { answerOf, startRawServer, type RawServer } from '../raw-server.ts';

let server: RawServer;
afterEach(() => server.stop());

const load = { connections: 4, path: '/', pipelining: 1 };

function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}/stat`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await delay(20);
}

/** Answers slowly enough that the test's own process has time for more. */
const slow = (): Promise<RawServer> =>
  startRawServer(({ socket }) => void setTimeout(() => socket.write(answerOf('x')), 5));

describe('the pressure', () => {
  it('loads the target, ends when asked, and says what it did', async () => {
    server = await slow();
    const pressure = startPressure(server.origin, load);
    await until(() => server.requests > 200);
    const result = await pressure.stop();
    expect(isGone(pressure.pid)).toBe(true);
    expect(result.problem).toBeUndefined();
    expect(result.errors).toBe(0);
    expect(result.requests).toBeGreaterThan(190);
    expect(result.requests).toBeLessThanOrEqual(server.requests);
  });

  it('survives an outage of the target', async () => {
    server = await slow();
    const pressure = startPressure(server.origin, load);
    await until(() => server.requests > 50);
    await server.stop();
    await delay(300);
    const before = server.requests;
    await server.restart();
    await until(() => server.requests > before + 50);
    const result = await pressure.stop();
    expect(result.problem).toBeUndefined();
    expect(result.requests).toBeGreaterThan(90);
  });

  it('starts before the target does, and is told to have ended when it is killed', async () => {
    server = await slow();
    await server.stop();
    const pressure = startPressure(server.origin, load);
    await delay(300);
    await server.restart();
    await until(() => server.requests > 20);
    process.kill(pressure.pid, 'SIGKILL');
    expect(await pressure.stop()).toEqual({
      requests: 0,
      errors: 0,
      problem: expect.stringContaining('It was ended by SIGKILL.'),
    });
  });

  it('ends at once when it is stopped before it has begun', async () => {
    server = await slow();
    const pressure = startPressure(server.origin, load);
    await pressure.stop();
    expect(isGone(pressure.pid)).toBe(true);
  });
});
