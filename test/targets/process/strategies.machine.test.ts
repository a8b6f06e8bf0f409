import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { needs } from '../../needs.ts';
import { pidsOf, SERVERS, stagedTarget } from './stage.ts';

const node = (script: string): string[] => [process.execPath, `${SERVERS}${script}`];

describe('stop-start', () => {
  it('replaces the process, twice, and tells the moments in their order', async () => {
    const { target, told, restart } = await stagedTarget({ command: node('plain.mjs') });
    await target.startFirst();
    const first = await restart();
    expect(told.facts).toEqual([]);
    expect(first.ok).toBe(true);
    expect(pidsOf(first.before)).toHaveLength(1);
    expect(pidsOf(first.after)).not.toEqual(pidsOf(first.before));
    expect(told.moments.toSorted()).toEqual([
      'began',
      'completed',
      'gone',
      'listening',
      'not-accepting',
      'ready',
      'signalled',
    ]);
    expect(told.moments.indexOf('gone')).toBeLessThan(told.moments.indexOf('listening'));
    expect(told.moments.slice(0, 2)).toEqual(['began', 'signalled']);
    expect(told.moments.at(-1)).toBe('completed');
    expect(told.lanes).toEqual(['0 started', '0 ready', '0 draining', '0 gone', '1 started', '1 ready']);
    expect(told.steps.map(({ text }) => text)).toEqual([
      'stop: the stop signal, SIGKILL after the grace period',
      'start: a new instance',
      'ready: the healthcheck passes',
    ]);

    const second = await restart();
    expect(second.ok).toBe(true);
    expect(pidsOf(second.before)).toEqual(pidsOf(first.after));
    expect(target.leftovers()).toEqual([]);
    expect(target.sample()).toMatchObject({ processes: 1 });
    await expect(target.close()).resolves.toEqual({ leftovers: [], forced: false });
  });

  it('needs SIGKILL for a target that ignores the stop signal, and says so', async () => {
    const { target, told, restart } = await stagedTarget({
      command: node('plain.mjs'),
      environment: { ON_TERM: 'ignore' },
      stop_grace_period: '200ms',
    });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(told.facts.map(({ code }) => code)).toEqual(['forced-kill']);
    expect(told.facts[0]?.message).toMatch(/did not end within 200ms after SIGTERM/);
    expect(await target.close()).toMatchObject({ forced: true });
  });

  it('tells of an exit code that says failure', async () => {
    const { target, told, restart } = await stagedTarget({
      command: node('plain.mjs'),
      environment: { ON_TERM: 'exit-3' },
    });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(told.facts.map(({ code }) => code)).toEqual(['non-zero-exit']);
    expect(told.facts[0]?.message).toMatch(/exit code 3; it wrote: .*could not save the cache/);
  });

  it('ends what the main process left behind before it starts the next', async () => {
    const { target, told, restart } = await stagedTarget({
      command: node('plain.mjs'),
      environment: { ON_TERM: 'orphan' },
      stop_grace_period: '1s',
    });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(told.facts.map(({ code }) => code)).toEqual(['leftover-process']);
    expect((await target.close()).leftovers).toHaveLength(1);
  });
});

describe('kill-start', () => {
  it('kills without asking', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('plain.mjs'), environment: { ON_TERM: 'ignore' }, stop_grace_period: '100ms' },
      { strategy: 'kill-start' },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(ok).toBe(true);
    expect(pidsOf(after)).not.toEqual(pidsOf(before));
    expect(told.facts).toEqual([]);
  });
});

describe('signal-handoff', () => {
  it('opens no lane for who serves already, while the next restart begins and the old one still drains', async () => {
    const { target, told } = await stagedTarget({
      command: node('handoff.mjs'),
      environment: { DRAIN_MS: '60000', SLOW_MS: '40' },
      identity: { header: 'X-Instance' },
    });
    await target.startFirst();
    await target.begin();
    await target.signal('SIGUSR2', 'old');
    await vi.waitUntil(() => told.lanes.includes('1 started'), { timeout: 10_000 });
    await target.serving();
    const lanes = [...told.lanes];
    // It asks for identities for some 300 ms.
    await target.begin();
    await target.serving();
    expect(told.lanes).toEqual(lanes);
  });

  it('follows the successors that the target starts itself, from one to the next', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('handoff.mjs'), identity: { header: 'X-Instance' } },
      { strategy: 'signal-handoff' },
    );
    await target.startFirst();
    for (let n = 0; n < 3; n += 1) {
      const { ok, before, after } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
      expect(after.identities).not.toEqual(before.identities);
      expect(pidsOf(after)).not.toEqual(pidsOf(before));
      expect(after.identities).toEqual(pidsOf(after).map(String));
    }
    expect(told.lanes).toContain('3 ready');
    expect(target.leftovers()).toEqual([]);
  });

  it('signals the successor when the one before it still drains, and names each lane by its process', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('handoff.mjs'), environment: { DRAIN_MS: '60000' } },
      { strategy: [{ signal: 'SIGUSR2' }, 'replaced'], timeout: '20s' },
    );
    await target.startFirst();
    for (let n = 0; n < 2; n += 1) {
      const { ok, before, after } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
      expect(pidsOf(after)).toHaveLength(pidsOf(before).length + 1);
    }
    expect(told.lanes.filter((state) => state.endsWith('ready'))).toEqual(['0 ready', '1 ready', '2 ready']);
    expect(new Set(told.pids).size).toBe(3);
  });

  it.each(['0', '250'])(
    'is not deceived by the old instance while the successor holds the socket and does not accept yet (old one ' +
      'busy for %s ms at a time)',
    async (BUSY_MS) => {
      const { target, told, restart } = await stagedTarget(
        { command: node('handoff.mjs'), environment: { WARM_MS: '60000', BUSY_MS }, healthcheck: { timeout: '5s' } },
        { strategy: 'signal-handoff', timeout: '3s' },
      );
      await target.startFirst();
      expect((await restart()).ok).toBe(false);
      expect(told.facts[0]?.message).toMatch(
        /holds the listening socket, but within \S+ only the old one was seen to answer/,
      );
      expect(told.moments).not.toContain('ready');
    },
  );

  it('notices a restart that did not happen', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('handoff.mjs'), environment: { ON_USR2: 'ignore' } },
      { strategy: 'signal-handoff', timeout: '600ms' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts.map(({ code }) => code)).toEqual(['step-failed']);
    expect(told.facts[0]?.message).toMatch(/The restart did not happen/);
    expect(told.facts[0]?.hint).toMatch(/target\.identity\.header, or a command, .* in target\.identity\.command\.$/);
    expect(told.facts[0]?.hint).toMatch(/SIGUSR2/);
  });

  it('notices a target that dies of the signal', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('plain.mjs') },
      { strategy: 'signal-handoff', timeout: '10s' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]).toMatchObject({
      code: 'step-failed',
      message: expect.stringMatching(/ended by SIGUSR2 after SIGUSR2, and nothing took its place/),
    });
    await expect(target.died).resolves.toMatchObject({
      message: expect.stringMatching(/left after a restart that failed; it ended by SIGUSR2/),
    });
  });
});

describe('a lone process that reloads in place', () => {
  const steps = [{ signal: 'SIGHUP' as const }, 'replaced' as const];

  it('is proven by its identity', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('reloads.mjs'), identity: { header: 'x-instance' } },
      { strategy: steps },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect(ok).toBe(true);
    expect(pidsOf(after)).toEqual(pidsOf(before));
    expect(after.identities).not.toEqual(before.identities);
    expect(told.moments.slice(-3)).toEqual(['gone', 'ready', 'completed']);
    expect(told.lanes).toEqual(['0 started', '0 ready', '0 draining', '0 gone', '1 started', '1 ready']);
  });

  it.each([
    { strategy: steps },
    { strategy: 'reload-workers' },
    { strategy: 'command', command: { shell: 'kill -HUP $(cat $PID_FILE)' } },
  ])('is proven by a command whose output changes: %o', async (restartSource) => {
    const folder = mkdtempSync(join(tmpdir(), 'reloads-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const counter = join(folder, 'counter');
    const { target, told, restart } = await stagedTarget(
      {
        command: { shell: `echo $$ > $PID_FILE; exec ${node('reloads.mjs').join(' ')}` },
        environment: { COUNTER: counter, PID_FILE: join(folder, 'pid') },
        identity: { command: ['cat', counter] },
      },
      restartSource,
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect(ok).toBe(true);
    expect(pidsOf(after)).toEqual(pidsOf(before));
    expect([before.identities, after.identities]).toEqual([['0'], ['1']]);
  });

  it('is not believed when that output stays, and names it', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('reloads.mjs'), identity: { command: ['echo', 'the same'] } },
      { strategy: steps, timeout: '900ms' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.hint).toMatch(/The command in target.identity.command still says "the same"\.$/);
  });

  it('is not believed without one', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('reloads.mjs') },
      { strategy: steps, timeout: '600ms' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/The restart did not happen/);
  });
});

describe('reload-workers', () => {
  it.each(['rr', 'none'])('sees the workers of node:cluster replaced (scheduling %s)', async (policy) => {
    const { target, told, restart } = await stagedTarget(
      { command: node('cluster.mjs'), environment: { POLICY: policy } },
      { strategy: 'reload-workers' },
    );
    await target.startFirst();
    for (let n = 0; n < 2; n += 1) {
      const { ok, before, after } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
      const kept = pidsOf(after).filter((pid) => pidsOf(before).includes(pid));
      expect(kept).toHaveLength(1);
      expect(pidsOf(after)).toHaveLength(3);
    }
    expect(told.moments.filter((moment) => moment === 'gone')).toHaveLength(2);
    expect(target.leftovers()).toEqual([]);
  });

  it.each(['rr', 'none'])('does not wait for a helper that is no worker (scheduling %s)', async (policy) => {
    const { target, told, restart } = await stagedTarget(
      { command: node('cluster.mjs'), environment: { POLICY: policy, HELPER: 'yes' } },
      { strategy: 'reload-workers' },
    );
    await target.startFirst();
    for (let n = 0; n < 2; n += 1) {
      const { ok, before, after } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
      // The primary and its helper.
      expect(pidsOf(after).filter((pid) => pidsOf(before).includes(pid))).toHaveLength(2);
      expect(pidsOf(after)).toHaveLength(4);
    }
  });

  it('tells a reload that waits for old workers from one that never began', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('cluster.mjs'), environment: { STUCK: 'yes' } },
      { strategy: 'reload-workers', timeout: '2s' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]).toMatchObject({
      code: 'step-failed',
      message: expect.stringMatching(
        /is not done: a new process came \(\d+\), but within .* none of the old workers ended \(\d+, \d+\)/,
      ),
    });
    expect(told.facts[0]?.hint).toMatch(/Connection: close/);
  });

  it('says that a target without workers has none', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('handoff.mjs') },
      { strategy: 'reload-workers', signal: 'USR2', timeout: '5s' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/had no worker processes/);
  });
});

describe('recycle', () => {
  it.each(['rr', 'none'])('counts what workers do of their own accord (scheduling %s)', async (policy) => {
    const { target, told, restart } = await stagedTarget(
      { command: node('cluster.mjs'), environment: { POLICY: policy, MAX_REQUESTS: '30' } },
      { strategy: 'recycle', timeout: '20s' },
    );
    await target.startFirst();
    const asking = new AbortController();
    const clients = (async () => {
      // A worker that leaves may take a connection with it that it was just handed.
      const ask = (): Promise<unknown> => fetch(target.origin, { signal: AbortSignal.timeout(500) });
      while (!asking.signal.aborted) await ask().catch(() => undefined);
    })();
    for (let n = 0; n < 2; n += 1) {
      const { ok } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
    }
    asking.abort();
    await clients;
    const first = told.moments.slice(0, told.moments.indexOf('completed') + 1);
    expect(first.toSorted()).toEqual([
      'began',
      'completed',
      'gone',
      'listening',
      'not-accepting',
      'ready',
      'signalled',
    ]);
  });

  it('says that nothing was replaced', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('cluster.mjs') },
      { strategy: 'recycle', timeout: '300ms' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/^No process of the target was replaced within \d/);
    expect(told.moments).not.toContain('signalled');
  });
});

describe('exec-in-place', () => {
  it.runIf(needs('python3'))('sees a new image under the same pid', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: ['python3', `${SERVERS}exec.py`] },
      { strategy: 'exec-in-place' },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect(ok).toBe(true);
    expect(pidsOf(after)).toEqual(pidsOf(before));
    expect(after.instances).not.toEqual(before.instances);
    expect(told.lanes).toEqual(['0 started', '0 ready', '0 draining', '0 gone', '1 started', '1 ready']);
  });
});

describe('socket-activation', () => {
  it.each(['stop-first', 'start-first'])('passes the socket on, %s', async (order) => {
    const { target, told, restart } = await stagedTarget(
      { command: node('plain.mjs'), identity: { header: 'x-instance' } },
      { strategy: 'socket-activation', order },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect(ok).toBe(true);
    expect(after.identities).toHaveLength(1);
    expect(after.identities).not.toEqual(before.identities);
    expect(told.moments.indexOf('ready') < told.moments.indexOf('gone')).toBe(order === 'start-first');
  });

  it('sees without an identity when the successor accepts', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('plain.mjs') },
      { strategy: 'socket-activation', order: 'start-first' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(told.facts).toEqual([]);
  });

  it.runIf(needs('python3')).each(['stop-first', 'start-first'])(
    'gives a service in another language a blocking socket and its own LISTEN_PID, %s',
    async (order) => {
      const { target, told, restart } = await stagedTarget(
        { command: ['python3', `${SERVERS}activated.py`] },
        { strategy: 'socket-activation', order },
      );
      await target.startFirst();
      expect((await restart()).ok).toBe(true);
      expect(told.facts).toEqual([]);
    },
  );

  it('ends a successor that is still starting as it ends the instance before it', async () => {
    const { target } = await stagedTarget(
      { command: node('plain.mjs') },
      { strategy: 'socket-activation', order: 'start-first' },
    );
    await target.startFirst();
    await target.begin();
    await target.start('inherited');
    expect(await target.close()).toEqual({ leftovers: [], forced: false });
  });

  it('keeps connections waiting while nobody is there', async () => {
    const { target } = await stagedTarget(
      { command: node('plain.mjs') },
      { strategy: ['stop', { sleep: '50ms' }, { start: { socket: 'inherited' } }, 'ready'] },
    );
    await target.startFirst();
    await target.begin();
    await target.stop(undefined, undefined, 5000);
    const waiting = fetch(target.origin, { headers: { connection: 'close' } });
    await target.start('inherited');
    expect((await waiting).status).toBe(200);
    await target.serving();
  });
});

describe('command', () => {
  it('runs whatever restarts the target, and proves it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zerodrop-test-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const { target, told, restart } = await stagedTarget(
      { command: node('handoff.mjs'), environment: { PID_FILE: join(folder, 'pid') } },
      { strategy: 'command', command: { shell: 'kill -USR2 $(cat "$PID_FILE")' } },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect(ok).toBe(true);
    expect(pidsOf(after)).not.toEqual(pidsOf(before));
  });

  it('fails with the output of a command that fails, and rolls back', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: node('plain.mjs') },
      {
        strategy: [
          'kill',
          { run: { command: { shell: 'echo no such release >&2; exit 4' } } },
          { rollback: ['start', 'ready'] },
        ],
      },
    );
    await target.startFirst();
    const { ok, after } = await restart();
    expect(ok).toBe(false);
    expect(told.facts.map(({ code }) => code)).toEqual(['step-failed', 'rolled-back']);
    expect(told.facts[0]?.message).toMatch(/exit code 4; it wrote: no such release/);
    expect(after.instances).toHaveLength(1);
  });
});
