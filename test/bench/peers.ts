/**
 * Other load tools: how each is called, and how many failures it reports.
 *
 * Rule: a peer is asked for what zerodrop is asked for, as far as it can be, and what it prints is taken at its word.
 * One that is not installed is left out, and that is said.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BODY } from './agent.ts';

export interface Job {
  url: string;
  connections: number;
  seconds: number;
  /** Requests to be sent; wrk goes by the time alone. */
  requests: number;
  /** Requests a second; absent: as fast as it can. wrk knows no rate. */
  ratePerSecond?: number;
  /** It is ended after so many seconds. */
  limitS?: number;
}

/** What a peer is given for the faults of one kind. */
export const PEER_LIMIT_S = 20;

export interface PeerRun {
  /** Failures of any kind, as the peer itself reports them; NaN when it did not end. */
  failures: number;
  /** CPU time of the peer, ms. */
  cpuMs: number;
}

export interface Peer {
  name: string;
  run(job: Job): Promise<PeerRun>;
}

interface Known {
  name: string;
  /** Program, and its arguments. */
  command(job: Job): [string, ...string[]];
  failuresIn(output: string): number;
}

const autocannonPath = createRequire(import.meta.url).resolve('autocannon/autocannon.js');
const K6_SCRIPT = fileURLToPath(new URL('k6.js', import.meta.url));
const sumOf = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);

const KNOWN: readonly Known[] = [
  {
    name: 'autocannon',
    command: ({ url, connections, requests, ratePerSecond }) => [
      process.execPath,
      autocannonPath,
      '--json',
      '--connections',
      `${connections}`,
      '--amount',
      `${requests}`,
      '--timeout',
      '1',
      '--expectBody',
      BODY,
      ...(ratePerSecond === undefined ? [] : ['--overallRate', `${ratePerSecond}`]),
      url,
    ],
    failuresIn(output) {
      const told = JSON.parse(output.slice(output.indexOf('{'))) as Record<'errors' | 'non2xx' | 'mismatches', number>;
      // Timeouts are among its errors; the answers 500 and 503 are among its mismatches.
      return told.errors + Math.max(told.non2xx, told.mismatches);
    },
  },
  {
    name: 'wrk',
    command: ({ url, connections, seconds }) => [
      'wrk',
      '-t1',
      `-c${connections}`,
      `-d${Math.max(1, Math.round(seconds))}s`,
      '--timeout',
      '1s',
      url,
    ],
    failuresIn: (output) =>
      sumOf(output, /(?:connect|read|write|timeout) (\d+)/g) + sumOf(output, /Non-2xx or 3xx responses: (\d+)/g),
  },
  {
    name: 'hey',
    command: ({ url, connections, requests, ratePerSecond }) => [
      'hey',
      '-c',
      `${connections}`,
      '-n',
      `${Math.max(requests, connections)}`,
      '-t',
      '1',
      ...(ratePerSecond === undefined ? [] : ['-q', `${Math.ceil(ratePerSecond / connections)}`]),
      url,
    ],
    failuresIn: (output) =>
      sumOf(output, /^\s+\[[45]\d\d\]\s+(\d+) responses/gm) +
      sumOf(output.slice(output.indexOf('Error distribution:') >>> 0), /^\s+\[(\d+)\]/gm),
  },
  {
    name: 'k6',
    command: ({ url, connections, seconds, requests, ratePerSecond }) => [
      'k6',
      'run',
      '--quiet',
      '--no-usage-report',
      '--log-output=none',
      ...Object.entries({
        URL: url,
        CONNECTIONS: connections,
        SECONDS: seconds,
        REQUESTS: Math.max(requests, connections),
        BODY,
        ...(ratePerSecond === undefined ? {} : { RATE: ratePerSecond }),
      }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      K6_SCRIPT,
    ],
    failuresIn: (output) => (JSON.parse(output.slice(output.indexOf('{'))) as { failed: number }).failed,
  },
  {
    // It goes by rate and time, and looks at no body.
    name: 'vegeta',
    command: ({ url, connections, seconds, requests, ratePerSecond }) => [
      '/bin/sh',
      '-c',
      'echo "GET $0" | vegeta attack "$@" | vegeta report -type=json',
      url,
      '-timeout=1s',
      `-max-connections=${connections}`,
      ...(ratePerSecond === undefined
        ? ['-rate=0', `-max-workers=${connections}`, `-duration=${Math.max(1, seconds)}s`]
        : [`-rate=${ratePerSecond}/s`, `-duration=${Math.round((requests / ratePerSecond) * 1000)}ms`]),
    ],
    failuresIn: (output) =>
      Object.entries((JSON.parse(output) as { status_codes: Record<string, number> }).status_codes).reduce(
        (sum, [status, count]) => (status === '200' ? sum : sum + count),
        0,
      ),
  },
];

/** The peers that are installed. */
export function peers(): Peer[] {
  return KNOWN.filter(({ name }) => name === 'autocannon' || isInstalled(name)).map(
    ({ name, command, failuresIn }) => ({
      name,
      async run(job) {
        const { output, cpuMs } = await timed(command(job), job.limitS);
        return { failures: output === undefined ? NaN : failuresIn(output), cpuMs };
      },
    }),
  );
}

/**
 * Runs a command to its end, or for `limitS`; then there is no output. A shell stands around it for its built-in
 * `times`.
 */
async function timed(
  command: readonly string[],
  limitS: number | undefined,
): Promise<{ output: string | undefined; cpuMs: number }> {
  const child = spawn('/bin/sh', ['-c', '"$@"; times', 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const late = limitS === undefined ? undefined : AbortSignal.timeout(limitS * 1000);
  const kill = (): void => void process.kill(-(child.pid as number), 'SIGKILL');
  late?.addEventListener('abort', kill);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  late?.removeEventListener('abort', kill);
  if (late?.aborted === true) return { output: undefined, cpuMs: NaN };
  // Two lines: the shell's own time, and that of its children; each "user system" as 0m1.234s.
  const lines = output.trimEnd().split('\n');
  const times = [...(lines.at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return {
    output: lines.slice(0, -2).join('\n'),
    cpuMs: times.reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000, 0),
  };
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
