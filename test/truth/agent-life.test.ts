import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { entryPath } from '../../src/model/entry.ts';
import { startAgent, type LocalAgent as Agent } from '../../src/traffic/agents/local.ts';
import { answerOf, startRawServer, type RawServer } from '../traffic/raw-server.ts';
import { planOf, streamOf } from './agent-run.ts';

let server: RawServer;
afterEach(() => server.stop());

/** Whether the process is gone; one that has ended but that nobody has waited for is gone too. */
function isGone(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return true;
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

async function untilGone(pid: number): Promise<void> {
  while (!isGone(pid)) await delay(20);
}

async function start(deaths: string[]): Promise<Agent> {
  server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
  return startAgent(planOf(server.origin, [streamOf()]), {
    session: 0,
    nowMs: () => performance.now(),
    event: () => undefined,
    progress: () => undefined,
    died: (reason) => deaths.push(reason),
  });
}

describe('an agent', () => {
  it('ends when its owner is killed without a word', async () => {
    server = await startRawServer(({ socket }) => socket.write(answerOf('x')));
    const script = `
      const { startAgent } = await import(${JSON.stringify(entryPath('traffic/agents/local'))});
      const nothing = () => undefined;
      const agent = await startAgent(${JSON.stringify(
        planOf(server.origin, [streamOf()]),
      )}, { session: 0, nowMs: () => performance.now(), event: nothing, progress: nothing, died: nothing });
      agent.startAt(performance.now());
      console.log(agent.pid);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string];
    const pid = Number(line);
    while (server.requests === 0) await delay(20);
    expect(isGone(pid)).toBe(false);
    owner.kill('SIGKILL');
    await untilGone(pid);
  });

  it('does not end by Ctrl-C: its owner decides what that means', async () => {
    const deaths: string[] = [];
    const agent = await start(deaths);
    agent.startAt(performance.now());
    process.kill(agent.pid, 'SIGINT');
    await agent.finish(300);
    expect(deaths).toEqual([]);
    expect(server.requests).toBeGreaterThan(0);
    expect(isGone(agent.pid)).toBe(true);
  });

  it('is told to have died, once, and no call hangs after it', async () => {
    const deaths: string[] = [];
    const agent = await start(deaths);
    agent.startAt(performance.now());
    const placed = agent.place(0);
    await placed;
    process.kill(agent.pid, 'SIGKILL');
    await agent.finish(1000);
    expect(await agent.place(1)).toEqual([{ placed: false, message: 'The traffic agent is gone.' }]);
    await agent.release(1);
    await agent.close();
    expect(deaths).toEqual(['It was ended by SIGKILL.']);
  });

  it('is closed without a word when its owner wants it', async () => {
    const deaths: string[] = [];
    const agent = await start(deaths);
    expect(agent.handshakeMs).toBeGreaterThan(0);
    await agent.close();
    expect(isGone(agent.pid)).toBe(true);
    expect(deaths).toEqual([]);
  });

  it('does not start with a plan that it cannot follow', async () => {
    server = await startRawServer(() => undefined);
    const plan = planOf('nowhere at all', [streamOf()]);
    const died: string[] = [];
    const owner = {
      session: 0,
      nowMs: () => 0,
      event: () => undefined,
      progress: () => undefined,
      died: (reason: string) => died.push(reason),
    };
    await expect(startAgent(plan, owner)).rejects.toThrow(/Invalid URL/);
    expect(died).toEqual([]);
  });
});
