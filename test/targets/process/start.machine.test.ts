import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ZerodropError } from '../../../src/errors.ts';
import { Target } from '../../../src/model/scenario.ts';
import { buildTarget } from '../../../src/targets/build.ts';
import { processOf } from '../../../src/processes/proc.ts';
import { answering, holders, SERVERS, stagedTarget } from './stage.ts';

const node = (script: string): string[] => [process.execPath, `${SERVERS}${script}`];
const failure = async (doing: Promise<unknown>): Promise<ZerodropError> => {
  const error: unknown = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error as ZerodropError;
};
const listening = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer((_, response) => response.end('somebody else')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
};

describe('starting a target', () => {
  it('fills in the port and the environment', async () => {
    const { target } = await stagedTarget({
      command: `${process.execPath} "\${FOLDER}plain.mjs"`,
      environment: { FOLDER: SERVERS, NAME: 'on-${PORT}' },
    });
    await target.startFirst();
    expect(await answering(target.origin)).toMatch(new RegExp(`-on-${new URL(target.origin).port}$`));
  });

  it('takes a shell only when asked for one', async () => {
    const { target } = await stagedTarget({
      command: { shell: `NAME=shell exec ${process.execPath} ${SERVERS}plain.mjs | cat` },
    });
    await target.startFirst();
    expect(await answering(target.origin)).toMatch(/-shell$/);
  });

  it('shows the exit and the last output of a target that dies at start', async () => {
    const { target } = await stagedTarget({ command: node('dies.mjs') });
    const error = await failure(target.startFirst());
    expect(error).toMatchObject({ code: 'target-died-at-start', exitCode: 69, details: ['cannot read config.json'] });
    expect(error.message).toMatch(/exit code 3/);
  });

  it('gives up on a target that is never healthy', async () => {
    const { target } = await stagedTarget({
      command: node('plain.mjs'),
      healthcheck: { path: '/sick', start_period: '500ms' },
    });
    const error = await failure(target.startFirst());
    expect(error).toMatchObject({ code: 'target-not-healthy', exitCode: 69 });
    expect(error.message).toMatch(/GET http.*\/sick did not pass within 500ms: (status 503|ECONNREFUSED)/);
  });

  it('ends at once when the user wants it to', async () => {
    const { target } = await stagedTarget({
      command: node('plain.mjs'),
      healthcheck: { path: '/sick', start_period: '60s' },
    });
    await target.startFirst(AbortSignal.timeout(200));
  });

  it.each([
    [['no-such-program-at-all'], /"no-such-program-at-all" is not on PATH/],
    [['./no-such-file'], /"\.\/no-such-file" was not found from/],
    [[`${SERVERS}plain.mjs`], /may not be executed/],
  ])('says that %s cannot be started', async (command, message) => {
    const { target } = await stagedTarget({ command });
    const error = await failure(target.startFirst());
    expect(error).toMatchObject({ code: 'command-not-found', exitCode: 64 });
    expect(error.message).toMatch(message);
  });

  it('says that the folder is missing', async () => {
    const { target } = await stagedTarget({ command: node('plain.mjs'), working_dir: '/no/such/folder' });
    expect((await failure(target.startFirst())).message).toMatch(/\/no\/such\/folder does not exist/);
  });

  it('says that a variable is not set', async () => {
    const { target } = await stagedTarget({ command: 'echo ${NO_SUCH_VARIABLE_HERE}' });
    expect(await failure(target.startFirst())).toMatchObject({ code: 'bad-scenario' });
  });

  it('names the owner of a port that is taken', async () => {
    const { port } = await listening();
    const error = await failure(stagedTarget({ command: node('plain.mjs'), url: `http://127.0.0.1:${port}` }));
    expect(error).toMatchObject({ code: 'port-taken', exitCode: 64 });
    expect(error.message).toContain(`Port ${port} of 127.0.0.1 is taken by process ${process.pid} (`);
  });

  it('tells when a target dies under way', async () => {
    const { target } = await stagedTarget({ command: node('dies-later.mjs') });
    await target.startFirst();
    await fetch(`${target.origin}/crash`).catch(() => undefined);
    const { message } = await target.died;
    expect(message).toMatch(/exit code 7; it wrote: out of cheese/);
  });
});

describe('a target that becomes a daemon', () => {
  it.each([
    ['by its token', {}],
    ['by its port, when it has left group and environment', { SCRUB: '1' }],
  ])('is found %s, restarted and ended', async (_, environment) => {
    const { target, told, restart } = await stagedTarget({ command: node('daemon.mjs'), environment });
    await target.startFirst();
    const { ok, before, after } = await restart();
    expect(told.facts).toEqual([]);
    expect(ok).toBe(true);
    expect(after.instances).toHaveLength(1);
    expect(after.instances).not.toEqual(before.instances);
    await target.close();
    expect(processOf(after.instances[0]?.process as number)).toBeUndefined();
  });

  it('is found by its pid file, and a stale one is removed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zerodrop-test-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const pidFile = join(folder, 'daemon.pid');
    writeFileSync(pidFile, '4194305\n');
    const { target, restart } = await stagedTarget({
      command: node('daemon.mjs'),
      environment: { SCRUB: '1', PID_FILE: pidFile },
      pid_file: pidFile,
    });
    await target.startFirst();
    expect((await restart()).ok).toBe(true);
    await target.close();
    expect(existsSync(pidFile)).toBe(false);
  });
});

describe('attaching to a target that already runs', () => {
  it('fails when nobody answers', async () => {
    const { server, port } = await listening();
    server.close();
    await once(server, 'close');
    const { target } = await stagedTarget({ url: `http://127.0.0.1:${port}`, healthcheck: { start_period: '200ms' } });
    expect(await failure(target.startFirst())).toMatchObject({ code: 'target-not-healthy' });
  });

  it('asks it to restart, and leaves it running', async () => {
    const started = await stagedTarget({ command: node('handoff.mjs') });
    await started.target.startFirst();
    const attached = await stagedTarget({ url: started.target.origin }, { strategy: 'signal-handoff' });
    await attached.target.startFirst();
    expect((await attached.restart()).ok).toBe(true);
    expect(attached.told.facts).toEqual([]);
    await attached.target.close();
    expect(await answering(started.target.origin)).not.toBeNull();
    expect(holders(`ZERODROP_TOKEN=${started.token}\0`)).toHaveLength(1);
  });

  it('cannot start another instance of it', async () => {
    const { port } = await listening();
    const { target, told, restart } = await stagedTarget({ url: `http://127.0.0.1:${port}` }, { strategy: ['start'] });
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/did not start this target/);
  });

  it('never touches itself or what is above it', async () => {
    const { port } = await listening();
    const { target, told, restart } = await stagedTarget(
      { url: `http://127.0.0.1:${port}` },
      { strategy: ['kill', { signal: 'SIGTERM' }] },
    );
    await target.startFirst();
    expect((await restart()).ok).toBe(false);
    expect(told.facts[0]?.message).toMatch(/could not be seen/);
  });
});

describe('building a target', () => {
  it('shows the output of a build that fails', async () => {
    const error = await failure(
      buildTarget(Target.parse({ command: 'true', build: { shell: 'echo syntax error in main.go >&2; exit 2' } }), {}),
    );
    expect(error).toMatchObject({ code: 'build-failed', exitCode: 64, details: ['syntax error in main.go'] });
  });

  it('runs in the working folder with the environment', async () => {
    await buildTarget(
      Target.parse({
        command: 'true',
        working_dir: SERVERS,
        environment: { WHAT: 'plain.mjs' },
        build: 'test -f ${WHAT} -a -d ${SCRATCH}',
      }),
      { SCRATCH: SERVERS },
    );
  });
});
