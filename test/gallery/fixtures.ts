/**
 * Services that must run before a scenario can attach to them.
 *
 * Rule: what a fixture starts has the mark of the attempt and is gone when it is stopped.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sourceOf } from '../../src/scenario/source.ts';
import { freePort, get } from '../scenarios/client.ts';
import type { Entry } from './entries.ts';

export interface Fixture {
  /** The scenario with the address of the service in it. */
  file: string;
  stop(): Promise<void>;
}

type Start = (entry: Entry, folder: string, environment: NodeJS.ProcessEnv) => Promise<Fixture>;

/** By the name of the scenario. */
export const FIXTURES: Readonly<Record<string, Start>> = {
  /** In place of the service that systemd would run: a cluster that reloads when it is told. */
  async attach(entry, folder, environment) {
    const port = await freePort();
    const program = fileURLToPath(new URL('../../scenarios/targets/node/cluster.mjs', import.meta.url));
    const child = spawn(process.execPath, [program], {
      env: { ...environment, PORT: String(port), WORKERS: '2' },
      stdio: 'ignore',
      detached: true,
    });
    const exited = once(child, 'exit');
    while ((await get(port, '/healthz').catch(() => undefined)) === undefined) {
      if (child.exitCode !== null) throw new Error('the service to attach to did not start');
      await delay(50);
    }
    const arms = entry.scenario.arms.map((arm) => ({
      ...arm,
      target: { ...arm.target, url: `http://127.0.0.1:${port}` },
      restart: { ...arm.restart, command: `kill -HUP ${child.pid}`, count: 3 },
    }));
    const file = join(folder, 'attach.json');
    writeFileSync(file, JSON.stringify(sourceOf({ ...entry.scenario, arms })));
    return {
      file,
      async stop() {
        child.kill('SIGTERM');
        if ((await Promise.race([exited, delay(15_000, 'late')])) === 'late') {
          process.kill(-(child.pid as number), 'SIGKILL');
        }
      },
    };
  },
};

/** Whether a scenario attaches to a service that nothing here starts. */
export function wantsService({ name, scenario }: Pick<Entry, 'name' | 'scenario'>): boolean {
  return !(name in FIXTURES) && scenario.arms.some(({ target }) => target.command === undefined);
}
