import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../../needs.ts';
import { SERVERS, stagedTarget, type Told } from './stage.ts';

const server = (script = 'plain.mjs'): string => `${process.execPath} ${SERVERS}${script}`;
const wrapped = (script = 'plain.mjs'): string[] => ['python3', `${SERVERS}wrapper.py`, ...server(script).split(' ')];
const notPassed = ({ facts }: Told) => facts.filter(({ code }) => code === 'signal-not-passed');

/** Whether a user may have a pid namespace here. */
function unshares(): boolean {
  if (!needs('unshare')) return false;
  try {
    execFileSync('unshare', ['-p', '-f', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: unshare is not allowed here');
    return false;
  }
}

describe('a wrapper between zerodrop and the server', () => {
  it.runIf(needs('python3'))('that ends on the signal is named, with the server and the cure', async () => {
    const { target, told, restart } = await stagedTarget({ command: wrapped() });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(told.facts.map(({ code }) => code)).toEqual(['signal-not-passed', 'leftover-process']);
    const [fact] = notPassed(told);
    expect(fact?.message).toMatch(
      /^SIGTERM went to \d+ \(\S*python3 .*wrapper\.py .*\), which ended; its child \d+ \(.*plain\.mjs\) never got it/,
    );
    expect(fact?.hint).toBe(`Write command: ${server()}, or exec before it in the script that starts it.`);
  });

  it.runIf(needs('python3'))('that takes the signal and waits on is named before the server is killed', async () => {
    const { target, told, restart } = await stagedTarget({
      command: wrapped(),
      environment: { WRAPPER: 'stays' },
      stop_grace_period: '500ms',
    });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(told.facts.map(({ code }) => code)).toEqual(['signal-not-passed', 'forced-kill']);
    expect(notPassed(told)[0]?.message).toMatch(/, which did not end; its child \d+ .* went on serving as if/);
  });

  it.runIf(needs('python3'))('that passes it on is no finding, nor one that does not wait', async () => {
    for (const WRAPPER of ['passes', 'hasty']) {
      const { target, told, restart } = await stagedTarget({ command: wrapped(), environment: { WRAPPER } });
      await target.startFirst();
      expect((await restart()).ok).toBe(true);
      expect(told.facts).toEqual([]);
    }
  });

  it('is found where it is a shell, too, on an inherited socket', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: { shell: `${server()}; true` } },
      { strategy: 'socket-activation' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(notPassed(told)).toHaveLength(1);
  });

  it.runIf(needs('npm'))('is found where it is npm', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'npm-start-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(`${SERVERS}plain.mjs`, join(folder, 'plain.mjs'));
    writeFileSync(join(folder, 'package.json'), '{"name": "x", "scripts": {"start": "node plain.mjs"}}');
    const { target, told, restart } = await stagedTarget({ command: 'npm start', working_dir: folder });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(notPassed(told)[0]?.message).toMatch(
      /^SIGTERM went to \d+ \(npm start\).*its child \d+ \(node plain\.mjs\)/,
    );
    expect(notPassed(told)[0]?.hint).toMatch(/^Write command: node plain\.mjs, or exec before it/);
  });

  it.runIf(needs('python3'))('is found where the signal is to make the server replace itself', async () => {
    const { target, told, restart } = await stagedTarget(
      { command: wrapped('handoff.mjs') },
      { strategy: 'signal-handoff', timeout: '1s' },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts.map(({ code }) => code)).toContain('step-failed');
    expect(notPassed(told)[0]?.message).toMatch(/^SIGUSR2 went to .*, which ended; its child .* never got it/);
  });

  it.runIf(unshares())('is found around process 1 of a container, which drops what it does not handle', async () => {
    const { target, told, restart } = await stagedTarget({
      command: [
        'unshare',
        '-p',
        '-f',
        '--mount-proc',
        'python3',
        '-m',
        'http.server',
        '--bind',
        '127.0.0.1',
        '${PORT}',
      ],
      stop_grace_period: '500ms',
    });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    expect(notPassed(told)[0]?.message).toMatch(
      /^SIGTERM went to \d+ \(unshare .*its child \d+ \(\S*python3 -m http\.server/,
    );
    expect(notPassed(told)[0]?.hint).toMatch(
      /^Write command: \S*python3 -m http\.server --bind 127\.0\.0\.1 \$\{PORT\}, or exec .* is process 1 of its container/,
    );
  });
});
