/** Scenario files for the tests: written to a folder of their own, which is gone after each test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ZerodropError } from '../../src/errors.ts';

/** Writes files into a new folder and returns its path. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-scenario-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Writes one file and returns its path. */
export function fileOf(text: string, name = 'demo.yaml'): string {
  return join(folderOf({ [name]: text }), name);
}

/** The ZerodropError that a promise or a function ends with. */
export async function refusalOf(act: () => unknown): Promise<ZerodropError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ZerodropError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** The example of the design, whole. */
export const EXAMPLE = `name: node-socket-handoff
description: The listening socket outlives the process that accepts on it.
target:
  command: node targets/node/server.mjs      # string (split as a shell would) or list; or {shell: "..."}
  build: npm ci
  working_dir: .
  environment: {DRAIN_MS: "2000"}            # \${PORT} is a free port chosen by the harness
  url: http://127.0.0.1:\${PORT}              # alone, without command: attach to a target that already runs
  healthcheck: {path: /healthz, interval: 50ms, timeout: 1s, start_period: 10s}
  stop_signal: SIGTERM
  stop_grace_period: 10s
  identity: {header: x-instance}             # optional: which instance answered
restart:
  strategy: socket-activation                # a name, or an explicit list of steps (section 5)
  count: 20
  until: {confidence: 95%, dirty_restarts_below: 5%}
  quiet: 1s
traffic:
  arrivals:                                  # open loop: judged
    fresh:     {rate: 500/s, connection: new,    path: /}
    keepalive: {rate: 500/s, connection: reused, connections: 32, path: /}
  pressure: {connections: 32, path: /}       # closed loop, autocannon: makes it hard for the target, never judged
  sentinels: {in-flight: 5, idle: 20, upload: {count: 2, path: /upload}, download: 2, parked: 5}   # per restart
  client: {timeout: 5s, retry: none}
thresholds:
  lost: 0
  raced: 0
  spikes: {over: 250ms, max: 0}
  gap: 100ms
arms:                                        # optional; each overrides what stands above
  express-4: {target: {environment: {EXPRESS: "4"}}}
  express-5: {target: {environment: {EXPRESS: "5"}}}
expect: pass
`;

/** The least that is a scenario. */
export const LEAST = { name: 'least', target: { command: 'node server.mjs' }, restart: { strategy: 'stop-start' } };
