/** What `zerodrop init` proposes for a project, and that each scenario that it writes is valid. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { proposalFrom, UNKNOWN, withStrategy, type Clues } from '../../src/commands/init/proposal.ts';
import type { ScenarioSource } from '../../src/model/scenario.ts';
import { strategyNames } from '../../src/model/strategies/registry.ts';
import type { Strategy } from '../../src/model/strategies/strategy.ts';
import { scenarioOf } from '../../src/run/load.ts';
import { scenarioTemplate } from '../../src/scenario/template.ts';

const startsHere = ({ workload }: Strategy): boolean => workload === undefined;
const NOTHING: Clues = { folderName: 'api', goCommands: [], pyproject: '', pythonFiles: [], manifests: [] };
const DEPLOYMENT = parse(`
kind: Deployment
spec:
  replicas: 4
  template:
    spec:
      containers:
        - command: [./api]
          args: [--port, "8080"]
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
          lifecycle: {preStop: {exec: {command: [sh, -c, sleep 7]}}}
`) as unknown;
const COMPOSE = parse(`
services:
  db: {image: postgres}
  web:
    command: node web.mjs
    ports: ["8080:8080"]
    healthcheck: {test: [CMD, curl, -f, "http://localhost:8080/up"]}
`) as unknown;

describe('a proposal', () => {
  it.each([
    ['package.json', { packageJson: { scripts: { start: 'node app.mjs' } } }, 'node app.mjs', 'rolling'],
    [
      'package.json with a tool of its own',
      { packageJson: { scripts: { start: 'next start' } } },
      { shell: 'PATH="$PWD/node_modules/.bin:$PATH"; exec next start' },
      'rolling',
    ],
    ['package.json without a script', { packageJson: { main: 'index.js' } }, 'node index.js', 'rolling'],
    ['go.mod', { goMod: 'module example.org/shop/v2\n\ngo 1.24\n' }, './bin/shop', 'rolling'],
    ['go.mod with cmd', { goMod: 'module a.b/c\n', goCommands: ['api'] }, './bin/api', 'rolling'],
    [
      'requirements.txt',
      { pyproject: 'flask\ngunicorn==23.0\n', pythonFiles: ['main.py'] },
      'gunicorn --bind 127.0.0.1:${PORT} main:app',
      'reload-workers',
    ],
    ['Procfile', { procfile: 'worker: x\nweb: puma -p $PORT\n' }, { shell: 'exec puma -p $PORT' }, 'reload-workers'],
    ['Dockerfile', { dockerfile: 'FROM a\nENTRYPOINT ["./a"]\nCMD ["--b"]\n' }, ['./a', '--b'], 'rolling'],
    ['Dockerfile, shell form', { dockerfile: 'FROM a\nCMD ./a --b\n' }, { shell: 'exec ./a --b' }, 'rolling'],
    ['compose.yaml', { compose: COMPOSE }, 'node web.mjs', 'rolling'],
    ['a Deployment', { manifests: [{ kind: 'Service' }, DEPLOYMENT] }, ['./api', '--port', '8080'], 'rolling'],
  ])('comes from %s', (_, clues, command, strategy) => {
    expect(proposalFrom({ ...NOTHING, ...clues })).toMatchObject({ command, strategy });
  });

  it('takes replicas, preStop and readiness from a Deployment', () => {
    expect(proposalFrom({ ...NOTHING, manifests: [DEPLOYMENT] })).toMatchObject({
      healthPath: '/ready',
      fleet: { replicas: 4, preStopSeconds: 7 },
    });
  });

  it('takes the path of a healthcheck', () => {
    expect(proposalFrom({ ...NOTHING, compose: COMPOSE })?.healthPath).toBe('/up');
    const dockerfile = 'HEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost/live || exit 1\nCMD ["./a"]\n';
    expect(proposalFrom({ ...NOTHING, dockerfile })?.healthPath).toBe('/live');
  });

  it('is not made from files that say nothing, or that are not as they should be', () => {
    expect(proposalFrom(NOTHING)).toBeUndefined();
    expect(proposalFrom({ ...NOTHING, packageJson: ['odd'], compose: 'odd', manifests: [null, 3] })).toBeUndefined();
  });
});

describe('the scenario', () => {
  it.each(strategyNames(startsHere))('with %s is valid, and says so when it fails by design', (name) => {
    const begin = withStrategy(UNKNOWN, name);
    const text = scenarioTemplate({ name: 'api', schemaPath: 'x', begin });
    const [arm] = scenarioOf(parse(text) as ScenarioSource).arms;
    expect(arm?.restart.strategy).toBe(name);
    expect(/has a gap by design, so this scenario fails/.test(text)).toBe(['stop-start', 'kill-start'].includes(name));
  });

  it('is not written for a workload of a cluster', () => {
    expect(() => withStrategy(UNKNOWN, 'kubernetes')).toThrow('restarts a workload of a cluster');
  });

  it('without a proposal does not fail by design', () => {
    expect(UNKNOWN.strategy).toBe('rolling');
    expect(UNKNOWN.reasons[0]).toContain('correct the command');
  });
});
