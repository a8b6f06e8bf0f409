import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stagedTarget } from './process/stage.ts';

/** A server whose process is never taken for the target's, as if it ran on another machine: it is the test's own. */
async function unseenServer(): Promise<{ url: string; generationFile: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'));
  const generationFile = join(folder, 'generation');
  writeFileSync(generationFile, 'first\n');
  const server = createServer((_, response) => response.end('hello\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, generationFile };
}

describe('a target of which neither processes nor a header can be seen', () => {
  it('is proven restarted by a command whose output changes', async () => {
    const { url, generationFile } = await unseenServer();
    const { target, told, restart } = await stagedTarget(
      { url, identity: { command: ['cat', generationFile] } },
      { strategy: 'command', command: { shell: `echo second > ${generationFile}` } },
    );
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect({ ok, before, after }).toEqual({
      ok: true,
      before: { instances: [], identities: ['first'] },
      after: { instances: [], identities: ['second'] },
    });
  });

  it('is found not restarted when that output stays', async () => {
    const { url, generationFile } = await unseenServer();
    const { target, told, restart } = await stagedTarget(
      { url, identity: { command: ['cat', generationFile] } },
      { strategy: [{ run: 'true' }, { replaced: { within: '300ms' } }] },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts.map(({ message }) => message)).toEqual([
      'The restart did not happen: after 300ms it is still first.',
    ]);
  });

  it('is found out when that command fails', async () => {
    const { url, generationFile } = await unseenServer();
    const { target, told, restart } = await stagedTarget(
      { url, identity: { command: ['cat', generationFile] } },
      { strategy: [{ run: ['rm', generationFile] }, { replaced: { within: '300ms' } }] },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts.map(({ message }) => message)).toEqual([
      'The command in target.identity.command failed, or printed nothing, for 300ms.',
    ]);
  });

  it('cannot be restarted without one', async () => {
    const { url } = await unseenServer();
    const { target, told, restart } = await stagedTarget({ url }, { strategy: 'command', command: 'true' });
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/^The old instance cannot be distinguished from a new one/);
  });
});
