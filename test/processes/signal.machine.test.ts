/** Who is signalled, and who is not, with real processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { groupLedBy } from '../../src/processes/group.ts';
import { TOKEN_VARIABLE, trackOurs, type Claim } from '../../src/processes/ours.ts';
import { processOf } from '../../src/processes/proc.ts';
import { sendSignal, signalGroup } from '../../src/processes/signal.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

const SLEEPER = `console.log('here'); setInterval(() => undefined, 1000);`;
const HOLDER =
  "require('node:net').createServer()" + ".listen(Number(process.env.AT), '127.0.0.1', () => console.log('here'));";

async function started(program: string, env: NodeJS.ProcessEnv = {}, uid?: number): Promise<{ pid: number }> {
  const child = spawn(process.execPath, ['-e', program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    ...(uid === undefined ? {} : { uid }),
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const claimOf = (more: Partial<Claim>): Claim => ({ token: randomUUID(), groups: [], sinceTicks: 0, ...more });
const looked = (claim: Claim) => trackOurs(() => claim).look(true);
const pidsOf = (processes: readonly { pid: number }[]): number[] => processes.map(({ pid }) => pid);

describe('a signal', () => {
  it('is not sent to a process that started at another moment than the one that is meant', async () => {
    const { pid } = await started(SLEEPER);
    const startTicks = processOf(pid)?.startTicks as number;
    expect(sendSignal({ pid, startTicks: startTicks - 1 }, 'SIGKILL')).toBe(false);
    expect(processOf(pid)).toBeDefined();
    expect(sendSignal({ pid, startTicks }, 0 as unknown as NodeJS.Signals)).toBe(true);
  });

  it('is not sent to a group whose leader has been waited for', () => {
    expect(signalGroup({ pid: process.pid, exitCode: 0, signalCode: null }, 'SIGKILL')).toBe(false);
    expect(signalGroup({ pid: undefined, exitCode: null, signalCode: null }, 'SIGKILL')).toBe(false);
  });
});

describe('a process that is not ours', () => {
  it.each([undefined, ...(process.getuid?.() === 0 ? [65534] : [])])(
    'holds the port, and is named as a stranger (user %s)',
    async (uid) => {
      const port = await freePort();
      const { pid } = await started(HOLDER, { AT: String(port) }, uid);
      const look = looked(claimOf({ endpoint: { addresses: ['127.0.0.1'], port } }));
      expect(look.processes).toEqual([]);
      expect(look.owners).toEqual([]);
      expect(pidsOf(look.strangers)).toEqual([pid]);
    },
  );

  it('stands in a pid file, and does not serve', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zerodrop-signal-'));
    try {
      const port = await freePort();
      const [server, innocent] = [await started(HOLDER, { AT: String(port) }), await started(SLEEPER)];
      const pidFile = join(folder, 'pid');
      const endpoint = { addresses: ['127.0.0.1'], port };
      writeFileSync(pidFile, String(innocent.pid));
      expect(looked(claimOf({ pidFile, endpoint }))).toMatchObject({ processes: [], owners: [] });
      const attached = looked(claimOf({ pidFile, endpoint, attached: true }));
      expect(pidsOf(attached.processes)).toEqual([server.pid]);
      expect(attached.named).toBeUndefined();
      // The one that holds the port is what the file is for.
      writeFileSync(pidFile, String(server.pid));
      expect(looked(claimOf({ pidFile, endpoint })).named?.pid).toBe(server.pid);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the number of a group that was ours and is empty', async () => {
    const { pid } = await started(SLEEPER);
    const group = { ...groupLedBy(pid), seenTicks: (processOf(pid)?.startTicks as number) - 1 };
    expect(looked(claimOf({ groups: [group] })).processes).toEqual([]);
  });
});

describe('a process of ours', () => {
  it('is known by token, by group and by its parent, and stays known', async () => {
    const token = randomUUID();
    const [marked, grouped] = [await started(SLEEPER, { [TOKEN_VARIABLE]: token }), await started(SLEEPER)];
    const parent = await started(
      `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'],
         { env: {}, detached: true, stdio: 'ignore' });
       c.once('spawn', () => console.log(c.pid)); setInterval(() => 0, 1000);`,
      { [TOKEN_VARIABLE]: token },
    );
    const claim = claimOf({ token, groups: [groupLedBy(grouped.pid)] });
    const ours = trackOurs(() => claim);
    const found = pidsOf(ours.look(true).processes);
    expect(found).toEqual(expect.arrayContaining([marked.pid, grouped.pid, parent.pid]));
    const [child] = found.filter((pid) => ![marked.pid, grouped.pid, parent.pid].includes(pid));
    process.kill(parent.pid, 'SIGKILL');
    await once(children.at(-1) as ChildProcess, 'exit');
    expect(pidsOf(ours.look(true).processes)).toContain(child);
    sendSignal({ pid: child as number, startTicks: processOf(child as number)?.startTicks as number }, 'SIGKILL');
  });
});
