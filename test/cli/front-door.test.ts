/**
 * A front door is a process of ours from its first moment on: it is gone with a zerodrop that is killed while the door
 * still comes up, and so are its files.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { sandbox } from './zerodrop.ts';

it.each(['haproxy', 'nginx'])('%s is gone when zerodrop is killed before it listens', async (kind) => {
  const place = mkdtempSync(join(tmpdir(), 'zerodrop-door-'));
  const [programs, temporary] = [join(place, 'bin'), join(place, 'tmp')];
  for (const folder of [programs, temporary]) mkdirSync(folder);
  // It comes up for ever, so that the moment is certain.
  writeFileSync(join(programs, kind), '#!/bin/sh\nexec sleep 4711\n');
  chmodSync(join(programs, kind), 0o755);
  const box = sandbox(['env', `PATH=${programs}:${process.env['PATH'] ?? ''}`, `TMPDIR=${temporary}`]);
  onTestFinished(() => {
    box.remove();
    rmSync(place, { recursive: true, force: true });
  });

  const { child, ended } = box.start(
    'run',
    box.file('fleet.yaml', {
      name: 'door',
      target: { command: ['node', '-e', ''] },
      fleet: { replicas: 1, front: kind },
      restart: { strategy: 'rolling', count: 1 },
    }),
    '--no-controls',
  );
  while (!box.processes().some((line) => line.includes('sleep 4711'))) {
    expect(child.exitCode).toBeNull();
    await delay(10);
  }
  child.kill('SIGKILL');
  await ended;
  expect(await box.leftovers()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});
