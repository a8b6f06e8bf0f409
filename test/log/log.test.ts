import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../../src/log/write.ts';
import { maskOf } from '../../src/model/secrets/mask.ts';
import { readLog } from '../../src/log/read.ts';
import { LOG_SCHEMA, type Event } from '../../src/model/event.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerodrop-log-'));
  path = join(folder, 'events.ndjson.gz');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const head: Event = {
  kind: 'run',
  schema: LOG_SCHEMA,
  zerodrop: '0.0.0',
  scenario: {},
  startedAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  command: 'zerodrop run x.yaml',
  environment: { node: 'v20', os: 'linux', cpus: 2 },
};
const settled: Event = { kind: 'restart', session: 0, restart: 0, moment: 'settled', atMs: 5 };

async function read(from: string): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of readLog(from)) events.push(event);
  return events;
}

describe('the log', () => {
  it('gives back what was written, in order', async () => {
    const events: Event[] = [
      head,
      { kind: 'session', session: 0, arm: 'default', atMs: 1.5 },
      settled,
      { kind: 'end', atMs: 9 },
    ];
    const log = openLog(path, maskOf([]));
    for (const event of events) log.write(event);
    await log.close();
    const seal = { lines: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string };
    expect(await read(path)).toEqual([...events.slice(0, -1), { kind: 'end', atMs: 9, seal }]);
  });

  it('can be read up to the point where its writer died', async () => {
    const log = openLog(path, maskOf([]));
    log.write(head);
    log.write(settled);
    await log.close();
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 12));
    expect((await read(path))[0]).toEqual(head);
  });

  it('refuses a log of another format', async () => {
    writeFileSync(path, gzipSync(`${JSON.stringify({ ...head, schema: 'zerodrop/log/9' })}\n`));
    await expect(read(path)).rejects.toMatchObject({ code: 'other-schema', exitCode: 64 });
  });

  it('tells a missing log, an empty one and one that is no log apart', async () => {
    await expect(read(join(folder, 'absent.gz'))).rejects.toMatchObject({ code: 'run-not-found' });
    writeFileSync(path, gzipSync(''));
    await expect(read(path)).rejects.toMatchObject({ code: 'damaged-run' });
    writeFileSync(path, 'plain text');
    await expect(read(path)).rejects.toMatchObject({ code: 'damaged-run' });
    writeFileSync(path, gzipSync(`${JSON.stringify(head)}\n{"kind":"martian"}\n`));
    await expect(read(path)).rejects.toMatchObject({ code: 'damaged-run' });
  });

  it('says so when the disk is full', async () => {
    const log = openLog('/dev/full', maskOf([]));
    log.write(head);
    await expect(log.close()).rejects.toMatchObject({
      code: 'cannot-write',
      message: expect.stringContaining('ENOSPC') as string,
    });
  });
});
