import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { strategyNames } from '../../src/model/strategies/registry.ts';
import { loadScenario, scenarioOf } from '../../src/scenario/load.ts';
import { EXAMPLE, fileOf, folderOf, LEAST, refusalOf } from './files.ts';

describe('a YAML file', () => {
  it('becomes a scenario: the example of the design', async () => {
    const path = fileOf(EXAMPLE);
    const scenario = await loadScenario(path);
    expect(scenario.name).toBe('node-socket-handoff');
    expect(scenario.arms.map((arm) => [arm.name, arm.target.environment])).toEqual([
      ['express-4', { DRAIN_MS: '2000', EXPRESS: '4' }],
      ['express-5', { DRAIN_MS: '2000', EXPRESS: '5' }],
    ]);
    const [arm] = scenario.arms;
    expect(arm).toEqual({
      name: 'express-4',
      target: {
        command: 'node targets/node/server.mjs',
        build: 'npm ci',
        working_dir: dirname(path),
        environment: { DRAIN_MS: '2000', EXPRESS: '4' },
        url: 'http://127.0.0.1:${PORT}',
        healthcheck: {
          path: '/healthz',
          method: 'GET',
          headers: {},
          expect: {},
          interval: 50,
          timeout: 1000,
          start_period: 10_000,
        },
        stop_signal: 'SIGTERM',
        stop_grace_period: 10_000,
        identity: { header: 'x-instance' },
      },
      services: {},
      restart: {
        strategy: 'socket-activation',
        count: 20,
        until: { confidence: 0.95, dirty_restarts_below: 0.05 },
        quiet: 1000,
        timeout: 60_000,
      },
      traffic: {
        arrivals: {
          fresh: { rate: 500, connection: 'new', connections: 32, path: '/', method: 'GET', headers: {}, expect: {} },
          keepalive: {
            rate: 500,
            connection: 'reused',
            connections: 32,
            path: '/',
            method: 'GET',
            headers: {},
            expect: {},
          },
        },
        pressure: { connections: 32, path: '/', pipelining: 1 },
        sentinels: {
          'in-flight': { count: 5 },
          idle: { count: 20 },
          upload: { count: 2, path: '/upload' },
          download: { count: 2 },
          parked: { count: 5 },
        },
        client: { kind: 'wire', timeout: 5000, session_resumption: true, retry: 'none' },
        agents: 'auto',
      },
      thresholds: { lost: 0, raced: 0, rejected: 0, failed: 0, spikes: { over: 250, max: 0 }, gap: 100, not_done: 0 },
      adversity: {},
      controls: { positive: true, negative: 2 },
      expect: { verdict: 'pass', findings: [], outcomes: [] },
    });
  });

  it('may list its steps', async () => {
    const scenario = await loadScenario(
      fileOf(`
name: steps
target: {command: ./server}
restart:
  strategy: [{signal: SIGUSR2}, {replaced: {within: 10s}}, {sleep: 200ms}, {run: "deploy/finish.sh"},
    start, {stop: }, {rollback: [start, {signal: {name: hup, to: new}}]}]
`),
    );
    expect(scenario.arms[0]?.restart.strategy).toEqual([
      { signal: 'SIGUSR2' },
      { replaced: { within: 10_000 } },
      { sleep: 200 },
      { run: 'deploy/finish.sh' },
      'start',
      { stop: null },
      { rollback: ['start', { signal: { name: 'SIGHUP', to: 'new' } }] },
    ]);
  });

  it('may use anchors and merge keys', async () => {
    const scenario = await loadScenario(
      fileOf(`
name: anchors
target: {command: ./server}
restart: {strategy: stop-start}
traffic:
  arrivals:
    fresh: &stream {rate: 10/s, path: /slow}
    keepalive: {<<: *stream, connection: reused}
`),
    );
    expect(scenario.arms[0]?.traffic.arrivals['keepalive']).toMatchObject({
      rate: 10,
      path: '/slow',
      connection: 'reused',
    });
  });

  it('is found by the folder that it lies in', async () => {
    const folder = folderOf({
      'here/a.yaml': 'name: a\ntarget: {command: ./server, working_dir: ../there}\nrestart: {strategy: stop-start}\n',
      'there/server': '',
    });
    const scenario = await loadScenario(join(folder, 'here/a.yaml'));
    expect(scenario.arms[0]?.target.working_dir).toBe(join(folder, 'there'));
  });
});

describe('a JSON file', () => {
  it('becomes a scenario, and is indented as one likes', async () => {
    const scenario = await loadScenario(fileOf(JSON.stringify(LEAST, null, '\t'), 'a.json'));
    expect(scenario).toMatchObject({ name: 'least', arms: [{ name: 'default' }] });
  });
});

describe('a module', () => {
  const body =
    "defineScenario({ name: 'code', target: { command: 'node server.mjs' }, restart: { strategy: 'stop-start' }, " +
    'arms: { a: null, b: { restart: { count } } } })';

  it.each(['a.ts', 'a.mts', 'a.js', 'a.mjs'])(
    'may import defineScenario from zerodrop in any folder: %s',
    async (name) => {
      const type = name.includes('t') ? ': number' : '';
      const path = fileOf(
        `import { defineScenario } from 'zerodrop';\nconst count${type} = 7;\nexport default ${body};\n`,
        name,
      );
      const scenario = await loadScenario(path);
      expect(scenario.arms.map((arm) => [arm.name, arm.restart.count, arm.target.working_dir])).toEqual([
        ['a', 20, dirname(path)],
        ['b', 7, dirname(path)],
      ]);
    },
  );

  it('may import its own files', async () => {
    const folder = folderOf({
      'a.ts': `import { base } from './base.ts';\nexport default base;\n`,
      'base.ts': `export const base = ${JSON.stringify(LEAST)} as const;\n`,
    });
    expect(await loadScenario(join(folder, 'a.ts'))).toMatchObject({ name: 'least' });
  });

  it('is checked as a file is', async () => {
    const refusal = await refusalOf(() =>
      loadScenario(fileOf(`export default { name: 'x', target: { command: 5 }, restart: {} };`, 'a.ts')),
    );
    expect(refusal.details).toEqual([
      'target.command: expected text or a list or a map, got 5 (a number)',
      'restart.strategy: expected the name of a strategy, or a list of steps; got nothing',
    ]);
  });

  it('must have a default export', async () => {
    const refusal = await refusalOf(() => loadScenario(fileOf('export const scenario = {};', 'a.ts')));
    expect(refusal.details).toEqual([
      'expected a default export, such as export default defineScenario({...}); got a module without one',
    ]);
  });

  it('that cannot be compiled or run is a problem with its place', async () => {
    const broken = fileOf('const a = 1;\nconst b = ;\n', 'a.ts');
    expect((await refusalOf(() => loadScenario(broken))).details).toEqual([
      'the module could not be run: ParseError: Unexpected token',
      `${broken}:2:10`,
    ]);
    const throwing = fileOf(`const a = 1;\nthrow new Error('no database');\nexport default a;\n`, 'a.ts');
    const { details, code } = await refusalOf(() => loadScenario(throwing));
    expect(code).toBe('bad-scenario');
    expect(details[0]).toBe('the module could not be run: no database');
    expect(details[1]).toContain(`${throwing}:2:`);
  });
});

describe('a file that is not there', () => {
  it('is answered with the name that was meant', async () => {
    const folder = folderOf({ 'handoff.yaml': '', 'cluster.ts': '', 'notes.txt': '' });
    const refusal = await refusalOf(() => loadScenario(join(folder, 'handof.yaml')));
    expect(refusal).toMatchObject({
      code: 'scenario-not-found',
      exitCode: 64,
      message: `there is no scenario ${join(folder, 'handof.yaml')}`,
      hint: `Did you mean ${join(folder, 'handoff.yaml')}?`,
    });
    expect((await refusalOf(() => loadScenario(join(folder, 'cluster.yaml')))).hint).toBe(
      `Did you mean ${join(folder, 'cluster.ts')}?`,
    );
    expect((await refusalOf(() => loadScenario(join(folder, 'something.yaml')))).hint).toBe(
      'In that folder there are: cluster.ts, handoff.yaml.',
    );
    expect((await refusalOf(() => loadScenario(folder))).message).toBe(`${folder} is a folder, not a scenario`);
  });

  it('in a folder without any, or without a folder, leads to init', async () => {
    const folder = folderOf({});
    expect((await refusalOf(() => loadScenario(join(folder, 'a.yaml')))).hint).toBe(
      `There are no scenarios in ${folder}. To begin a new one: zerodrop init FILE.`,
    );
    expect((await refusalOf(() => loadScenario(join(folder, 'x/a.yaml')))).hint).toBe(
      `There is no folder ${join(folder, 'x')} either. To begin a new scenario: zerodrop init FILE.`,
    );
  });

  it('or has another kind of name is refused', async () => {
    const path = fileOf('', 'a.toml');
    expect(await refusalOf(() => loadScenario(path))).toMatchObject({
      code: 'bad-scenario',
      hint: 'Name it *.yaml, *.yml, *.json, *.ts, *.mts, *.js, *.mjs.',
    });
  });
});

describe('the command line', () => {
  const text = `
name: a
target: {command: ./server}
restart: {strategy: stop-start, until: {dirty_restarts_below: 5%}}
arms:
  one: {restart: {count: 3}}
  two: {restart: {strategy: kill-start, count: 4}, thresholds: {lost: 1}}
`;

  it('wins over the file and over every arm', async () => {
    const overrides = {
      restart: { strategy: 'command', count: 9, until: null, command: 'x' },
      thresholds: { lost: 5 },
    };
    const { arms } = await loadScenario(fileOf(text), { overrides });
    expect(
      arms.map(({ restart, thresholds }) => [restart.strategy, restart.count, restart.until, thresholds.lost]),
    ).toEqual([
      ['command', 9, undefined, 5],
      ['command', 9, undefined, 5],
    ]);
  });

  it('has its problems told as its own, once', async () => {
    const overrides = { restart: { strategy: 'stop-strat', until: null }, thresholds: { lots: 5, gap: '5' } };
    expect((await refusalOf(async () => loadScenario(fileOf(text), { overrides }))).details).toEqual([
      'thresholds.gap (command line): expected a duration with its unit, such as 250ms; got "5" (text): 5ms or 5s?',
      'thresholds.lots (command line): unknown field; did you mean "lost"?',
      `restart.strategy (command line): expected the name of a strategy (${strategyNames().join(', ')}) ` +
        'or a list of steps; got "stop-strat" ' +
        '(text); did you mean "stop-start"?',
    ]);
  });
});

describe('a scenario in code', () => {
  it('is completed', () => {
    expect(scenarioOf(LEAST)).toMatchObject({
      description: '',
      arms: [{ name: 'default', target: { working_dir: process.cwd() }, expect: { verdict: 'pass' } }],
    });
  });

  it('is not changed', () => {
    const source = { ...LEAST, arms: { a: { target: { environment: { A: '1' } } } } };
    const before = structuredClone(source);
    scenarioOf(source, { overrides: { restart: { count: 1 } } });
    expect(source).toEqual(before);
  });

  it('is refused with paths and without lines', async () => {
    const refusal = await refusalOf(() => scenarioOf([]));
    expect(refusal).toMatchObject({
      message: 'the scenario has 1 problem',
      details: ['the scenario: expected a map of fields such as name, target and restart; got an empty list'],
    });
  });
});
