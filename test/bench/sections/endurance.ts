/**
 * Endurance: a long run at 1,000 requests/s; the memory of both processes at its start, middle and end, and the size of
 * its log.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const QUIET_S = 10;
const SAMPLE_MS = 2000;
const MIB = 1024 * 1024;
const MOST_LOG_MIB = 40;

export async function endurance({ minutes }: BenchOptions): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-bench-'));
  const scenario = join(folder, 'endurance.json');
  writeFileSync(
    scenario,
    JSON.stringify({
      name: 'endurance',
      target: {
        command: 'node targets/node/handoff.mjs',
        working_dir: join(ROOT, 'scenarios'),
        healthcheck: { path: '/healthz' },
        identity: { header: 'x-instance' },
      },
      restart: {
        strategy: 'signal-handoff',
        count: Math.max(1, Math.round((minutes * 60) / (2 * QUIET_S + 1))),
        quiet: `${QUIET_S}s`,
      },
      traffic: {
        arrivals: {
          fresh: { rate: '500/s', connection: 'new', path: '/' },
          keepalive: { rate: '500/s', connection: 'reused', path: '/' },
        },
      },
    }),
  );
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), 'run', scenario, '--quiet', '--out-dir', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  const samples: { owner: number; agent: number }[] = [];
  const sampling = setInterval(() => {
    const pid = child.pid ?? -1;
    const agent = childrenOf(pid).find((one) => textOf(`/proc/${one}/cmdline`).includes('traffic/agent/main'));
    if (agent !== undefined) samples.push({ owner: rssMib(pid), agent: rssMib(agent) });
  }, SAMPLE_MS);
  const peakBefore = (): number =>
    Number(/^VmHWM:\s+(\d+) kB/m.exec(textOf(`/proc/${child.pid ?? -1}/status`))?.[1] ?? 0) / 1024;
  let peakMib = 0;
  const peaking = setInterval(() => (peakMib = Math.max(peakMib, peakBefore())), 100);
  const [exitCode] = (await ended) as [number | null];
  clearInterval(sampling);
  clearInterval(peaking);
  const log = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('events.ndjson.gz'),
  );
  const logMib = log === undefined ? NaN : statSync(join(folder, log)).size / MIB;
  rmSync(folder, { recursive: true });
  const at = (share: number): { owner: number; agent: number } =>
    samples[Math.min(samples.length - 1, Math.floor(share * samples.length))] ?? { owner: NaN, agent: NaN };
  return {
    about:
      `1,000 requests/s for ${fixed((performance.now() - startedMs) / 60_000)} minutes with a restart every ` +
      `${2 * QUIET_S} s. Resident memory in MiB.`,
    head: ['process', 'after a tenth', 'middle', 'end', 'most'],
    rows: (['owner', 'agent'] as const).map((who) => [
      who === 'owner' ? 'orchestrator' : 'agent',
      ...[0.1, 0.5, 1].map((share) => fixed(at(share)[who], 0)),
      fixed(Math.max(...samples.map((sample) => sample[who])), 0),
    ]),
    notes: [
      `The log has ${fixed(logMib)} MiB, ${logMib < MOST_LOG_MIB ? 'below' : 'ABOVE'} the ${MOST_LOG_MIB} MiB ` +
        `that ten minutes may take. Judging and reports included, the orchestrator took ${fixed(peakMib, 0)} MiB ` +
        `at most. Exit code ${exitCode}.`,
    ],
  };
}

function childrenOf(pid: number): number[] {
  return textOf(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}

function rssMib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
