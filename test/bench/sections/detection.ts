/**
 * Detection: targets with a race each; how many restarts it takes until it is met, with sentinels, and with as many
 * plain requests more to the same path.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarioOf } from '../../../src/run/load.ts';
import type { ScenarioSource } from '../../../src/model/scenario.ts';
import { run } from '../../../src/run/run.ts';
import type { Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';

const SERVERS = fileURLToPath(new URL('../servers', import.meta.url));
/** From one restart to the next: the budget of a sentinel is spread over so long. */
const APART_S = 1.5;
const QUIET = '400ms';

interface Race {
  name: string;
  target: ScenarioSource['target'];
  restart: ScenarioSource['restart'];
  connection: 'new' | 'reused';
  sentinel: string;
  count: number;
  path: string;
  adversity?: ScenarioSource['adversity'];
}

/**
 * A careful server with one flaw; either it is stopped and started on a socket that lives on, or it hands its socket
 * over.
 */
const racy = (flaw: string, strategy: 'socket-activation' | 'signal-handoff'): Pick<Race, 'target' | 'restart'> => ({
  target: {
    command: [process.execPath, 'racy.mjs'],
    working_dir: SERVERS,
    environment: { FLAW: flaw },
    healthcheck: { path: '/healthz' },
  },
  restart: strategy === 'socket-activation' ? { strategy, order: 'stop-first' } : { strategy },
});

const IDLE = { connection: 'reused', sentinel: 'idle', count: 20, path: '/' } as const;
const UNDER_WAY = { connection: 'new', sentinel: 'in-flight', count: 5, path: '/slow?ms=30' } as const;
const RACES: readonly Race[] = [
  { name: 'keep-alive race: idle connections are closed at once', ...racy('keep-alive', 'socket-activation'), ...IDLE },
  { name: 'the same, after a handoff', ...racy('keep-alive', 'signal-handoff'), ...IDLE },
  {
    name: 'accept queue: a SO_REUSEPORT listener closes',
    target: { command: ['python3', 'reuse_port.py'], working_dir: SERVERS },
    restart: { strategy: ['start', 'ready', { sleep: '200ms' }, 'stop'] },
    connection: 'new',
    sentinel: 'backlog',
    count: 20,
    path: '/',
    adversity: { freeze: '50ms' },
  },
  { name: 'requests of 30 ms under way are dropped', ...racy('in-flight', 'socket-activation'), ...UNDER_WAY },
  { name: 'the same, after a handoff', ...racy('in-flight', 'signal-handoff'), ...UNDER_WAY },
  {
    name: 'a download is cut',
    ...racy('download', 'socket-activation'),
    connection: 'new',
    sentinel: 'download',
    count: 2,
    path: '/download?bytes=65536&ms=600',
  },
  {
    name: 'sessions are forgotten',
    ...racy('session', 'socket-activation'),
    connection: 'new',
    sentinel: 'session',
    count: 5,
    path: '/visits',
  },
];

export async function detection({ restarts }: BenchOptions): Promise<Figures> {
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const race of RACES) {
    const withSentinels = await firstDetection(
      race,
      { ...traffic(race), sentinels: { [race.sentinel]: { count: race.count, path: race.path } } },
      race.adversity,
      restarts,
    );
    const plain = await firstDetection(race, traffic(race, race.count / APART_S), undefined, restarts);
    rows.push([
      race.name,
      `${race.count} ${race.sentinel}${race.adversity === undefined ? '' : ' after a freeze of 50 ms'}`,
      withSentinels.text,
      plain.text,
    ]);
    notes.push(...withSentinels.notes);
  }
  return {
    about:
      `Restarts until the first detection, of ${restarts} at most. Both sides send the same background traffic ` +
      '(100/s); the plain side also sends as many requests to the same path as there are sentinels.',
    head: ['race', 'sentinels per restart', 'with sentinels', 'with plain load'],
    rows,
    notes,
  };
}

/** Background on new connections, and `extraPerSecond` requests to the path of the race. */
function traffic(
  { path, connection, count }: Race,
  extraPerSecond?: number,
): NonNullable<ScenarioSource['traffic']> & { arrivals: object } {
  const extra =
    extraPerSecond === undefined
      ? {}
      : { extra: { rate: `${extraPerSecond}/s`, path, connection, connections: count } };
  return { arrivals: { fresh: { rate: '100/s', path: path === '/' ? '/' : '/healthz' }, ...extra } };
}

async function firstDetection(
  race: Race,
  load: object,
  adversity: ScenarioSource['adversity'] | undefined,
  most: number,
): Promise<{ text: string; notes: string[] }> {
  const outDir = mkdtempSync(join(tmpdir(), 'zerodrop-bench-'));
  const scenario = scenarioOf({
    name: 'detection',
    target: race.target ?? {},
    restart: { ...race.restart, count: most, quiet: QUIET },
    traffic: load,
    adversity: adversity ?? {},
    controls: { positive: false, negative: 0 },
  });
  const { result } = await run(scenario, { outDir, bail: true });
  rmSync(outDir, { recursive: true });
  const restarts = result.arms[0]?.restarts ?? [];
  const first = restarts.find(
    ({ requests: { lost, raced, failed, rejected } }) => lost + raced + failed + rejected > 0,
  );
  const problems = result.findings.filter(({ code }) =>
    ['sentinel-not-armed', 'step-failed', 'restart-not-proven', 'target-died'].includes(code),
  );
  return {
    text: first === undefined ? `none in ${restarts.length}` : `restart ${first.index + 1}`,
    notes: problems.map(({ code, message }) => `${race.name}: ${code}: ${message}`),
  };
}
