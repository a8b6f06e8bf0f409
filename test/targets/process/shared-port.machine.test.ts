import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverEndIn } from '../../../src/processes/accepted.ts';
import { needs } from '../../needs.ts';
import { pidsOf, SERVERS, stagedTarget } from './stage.ts';

const staged = (
  script: string,
  environment: Record<string, string>,
  restart: Record<string, unknown>,
  probeTimeout = '1s',
) =>
  stagedTarget(
    { command: ['python3', `${SERVERS}${script}`], environment, healthcheck: { timeout: probeTimeout } },
    { timeout: '8s', ...restart },
  );

describe('who has accepted a connection', () => {
  const tcp = [
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 700 1 ' +
      '0000000000000000 100 0 0 10 0',
    '   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 0 1 ' +
      '0000000000000000 20 4 30 10 -1',
    '   2: 0100007F:1F90 0100007F:C351 01 00000000:00000000 02:000AFC80 00000000  1000        0 812 2 ' +
      '0000000000000000 20 4 30 10 -1',
    '   3: 0100007F:C351 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 811 1 ' +
      '0000000000000000 20 4 30 10 -1',
    '   4: 0100007F:1F90 0100007F:C352 06 00000000:00000000 03:00000BB8 00000000     0        0 0 3 0000000000000000',
    '   5: 0100007F:1F90 0100007F:C353 03 00000000:00000000 01:0000005F 00000000     0        0 0 0 0000000000000000',
    '',
  ].join('\n');
  it("stands in the row of the server's end, once somebody has", () => {
    expect(serverEndIn(tcp, 8080, 0xc351)).toEqual({ inode: '812' });
    expect(serverEndIn(tcp, 8080, 0xc350)).toBe('queued');
    expect(serverEndIn(tcp, 8080, 0xc353)).toBe('withheld');
    expect(serverEndIn(tcp, 8080, 0xc352)).toBeUndefined();
    expect(serverEndIn(tcp, 8081, 0xc351)).toBeUndefined();
  });
});

describe.runIf(needs('python3'))('reuse-port', () => {
  it('proves the successor itself, then stops the old instance, again and again', async () => {
    const { target, told, restart } = await staged('reuse_port.py', { SUCCESSOR: 'warm' }, { strategy: 'reuse-port' });
    await target.startFirst();
    for (let n = 0; n < 2; n += 1) {
      const { ok, before, after } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
      expect(pidsOf(after)).toHaveLength(1);
      expect(pidsOf(after)).not.toEqual(pidsOf(before));
    }
    expect(told.moments.indexOf('ready')).toBeLessThan(told.moments.indexOf('gone'));
  });

  it.each([
    ['sick', 'says: status 503', /healthcheck/, '1s'],
    ['deaf', 'was not ready within', /within/, '4s'],
  ])('is not deceived by the old instance while the successor is %s', async (flaw, said, hint, probeTimeout) => {
    const { target, told, restart } = await staged(
      'reuse_port.py',
      { SUCCESSOR: flaw },
      { strategy: 'reuse-port', timeout: '5s' },
      probeTimeout,
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(ok).toBe(false);
    expect(told.facts.map(({ code }) => code)).toEqual(['step-failed']);
    expect(told.facts[0]?.message).toContain(said);
    expect(`${told.facts[0]?.message} ${told.facts[0]?.hint}`).toMatch(hint);
    expect(pidsOf(after)).toEqual(expect.arrayContaining(pidsOf(before)));
  });

  it('says what to do when the successor cannot bind, and leaves the old instance alone', async () => {
    const { target, told, restart } = await staged('reuse_port.py', { SUCCESSOR: 'plain' }, { strategy: 'reuse-port' });
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(ok).toBe(false);
    expect(told.facts.filter(({ code }) => code === 'step-failed')).toEqual([
      {
        code: 'step-failed',
        message: expect.stringMatching(
          /ended with exit code 1 before it was ready; it wrote: .*Address already in use/,
        ),
        hint: expect.stringContaining('SO_REUSEPORT'),
      },
    ]);
    expect(after.instances).toEqual(before.instances);
  });

  it('notices a successor that ends well and serves nothing', async () => {
    const { target, told, restart } = await staged(
      'reuse_port.py',
      { SUCCESSOR: 'leaves' },
      { strategy: 'reuse-port', timeout: '30s' },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/ended with exit code 0 before it was ready/);
    expect(after.instances).toEqual(before.instances);
  });
});

describe.runIf(needs('python3'))('takeover', () => {
  it('waits for the successor, and for the old instance to leave by itself', async () => {
    const { target, told, restart } = await staged(
      'takeover.py',
      { TAKEOVER_SOCKET: socketPath() },
      { strategy: 'takeover' },
    );
    await target.startFirst();
    for (let n = 0; n < 2; n += 1) {
      const { ok, before, after } = await restart();
      expect(told.facts).toEqual([]);
      expect(ok).toBe(true);
      expect(pidsOf(after)).toHaveLength(1);
      expect(pidsOf(after)).not.toEqual(pidsOf(before));
    }
  });

  it('notices an old instance that stays', async () => {
    const { target, told, restart } = await staged(
      'takeover.py',
      { TAKEOVER_SOCKET: socketPath(), STAY: '1' },
      { strategy: 'takeover', timeout: '3s' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/The old main process \d+ .* did not end within/);
  });
});

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'takeover.sock');
}
