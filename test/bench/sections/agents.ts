/**
 * Agents: the rate that one and two agents carry against a cheap server (nginx, one worker that returns a constant).
 *
 * On two cores the server, the agents and the owner share the machine: more agents help only as far as there are cores.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../src/processes/port.ts';
import { BODY, planOf, runAgent, streamOf } from '../agent.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';

const RATES = [5000, 10_000, 15_000, 20_000, 30_000];
const COUNTS = [1, 2];
const CONNECTIONS = 128;

/** Sends at each rate with each number of agents. */
export async function agents({ seconds }: BenchOptions): Promise<Figures> {
  const server = await startNginx();
  const rows: Figures['rows'] = [];
  const carried = new Map<number, number>();
  try {
    for (const rate of RATES) {
      for (const count of COUNTS) {
        const { counts, harness } = await runAgent(
          planOf(server.url, [streamOf({ ratePerSecond: rate, connections: CONNECTIONS })]),
          seconds * 1000,
          { agents: count },
        );
        const cpu = (harness.agentCpuMs * 1000) / Math.max(1, counts.due - counts.unsent);
        const lateMs = harness.sendDelayP99Ms;
        rows.push([`${rate}/s`, count, counts.due, counts.answered, counts.unsent, fixed(lateMs), fixed(cpu)]);
        if (counts.answered === counts.due && lateMs < 5) carried.set(count, rate);
      }
    }
  } finally {
    await server.close();
  }
  return {
    about: `${seconds} s at each rate over ${CONNECTIONS} kept-alive connections to nginx with one worker.`,
    head: ['rate', 'agents', 'due', 'answered', 'unsent', 'lateness p99, ms', 'CPU-s of the agents per million'],
    rows,
    notes: COUNTS.map((count) => {
      const agentsText = count === 1 ? '1 agent' : `${count} agents`;
      return (
        `${agentsText}: the highest rate with every request answered and p99 lateness below 5 ms was ` +
        `${carried.get(count) ?? 0}/s.`
      );
    }),
  };
}

async function startNginx(): Promise<{ url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'zerodrop-bench-nginx-'));
  mkdirSync(join(folder, 'logs'));
  const port = await freePort('127.0.0.1');
  const configuration = `
    daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 20000; }
    http {
      access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      server { listen 127.0.0.1:${port} backlog=4096; location / { return 200 "${BODY}"; } }
    }`;
  writeFileSync(join(folder, 'nginx.conf'), configuration);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'spawn');
  while (!(await accepts(port))) await delay(20);
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      child.kill('SIGQUIT');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
