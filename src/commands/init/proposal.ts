/**
 * How a server is started and restarted, as far as the files of its project say it.
 *
 * Rule: pure. Each value names the file that it comes from; the more a file is about running, the more it counts: a
 * Deployment before a Procfile, that before a Dockerfile or Compose file, those before what only a language says.
 */
import { ZerodropError } from '../../errors.ts';
import type { Command } from '../../model/step.ts';
import { GAP_BY_DESIGN } from '../../model/strategies/advice.ts';
import { strategyFor as strategyNamedBy } from '../../strategies/resolve.ts';

/** What the files of a project hold. */
export interface Clues {
  folderName: string;
  packageJson?: unknown;
  goMod?: string | undefined;
  /** Folders below cmd/. */
  goCommands: readonly string[];
  /** pyproject.toml and requirements.txt. */
  pyproject: string;
  pythonFiles: readonly string[];
  procfile?: string | undefined;
  dockerfile?: string | undefined;
  compose?: unknown;
  manifests: readonly unknown[];
}

/** What a scenario can begin with. */
export interface Proposal {
  command: Command;
  build?: string;
  healthPath: string;
  strategy: string;
  signal?: string;
  /** strategy rolling: as the Deployment has it. */
  fleet?: { replicas: number; preStopSeconds?: number };
  /** The strategy must know which instance answered. */
  identity?: boolean;
  /** A field that the strategy cannot do without, with an example. */
  needed?: Record<string, string>;
  /** Where it comes from, one sentence each; the last ones are about the strategy. */
  reasons: string[];
}

const FLEET = { replicas: 2, preStopSeconds: 3 };

/** What to begin with where no file says how the server is started. */
export const UNKNOWN: Proposal = {
  command: 'node server.mjs',
  healthPath: '/',
  ...strategyFor('', undefined),
  reasons: [
    'No file of this folder says how the server is started: correct the command.',
    strategyFor('', undefined).reason,
  ],
};

/** The proposal with another strategy, and whether that fails by design. Throws ZerodropError `unknown-strategy`. */
export function withStrategy(proposal: Proposal, name: string): Proposal {
  const { fleet: wantsFleet, workload, needs, advice } = strategyNamedBy(name);
  if (workload === true) {
    throw new ZerodropError(
      'bad-arguments',
      `The strategy ${name} restarts a workload of a cluster, and init proposes servers that zerodrop starts`,
      'Write target.kubernetes and its url by hand; scenarios/README.md has an example.',
    );
  }
  const { command, build, healthPath, reasons } = proposal;
  // A canary is judged by its own answers.
  const identity = name === 'canary';
  const failsByDesign = advice.refused?.includes(GAP_BY_DESIGN) === true;
  const [instances, signal] = [proposal.fleet ?? FLEET, proposal.strategy === name ? proposal.signal : undefined];
  return {
    command,
    healthPath,
    strategy: name,
    ...(build === undefined ? {} : { build }),
    ...(wantsFleet === undefined ? {} : { fleet: instances }),
    ...(signal === undefined ? {} : { signal }),
    ...(identity ? { identity } : {}),
    ...(needs === undefined ? {} : { needed: { [needs.field]: needs.example } }),
    reasons: [
      ...reasons.slice(0, -1),
      failsByDesign ? `${name} has a gap by design, so this scenario fails.` : `The strategy ${name} was asked for.`,
      ...(identity ? ['Correct target.identity: the canary is judged by its own answers.'] : []),
      ...(needs === undefined ? [] : [`Correct restart.${needs.field}: it is an example.`]),
    ],
  };
}

interface Start {
  command: Command;
  build?: string;
  from: string;
}

/** What to begin with; undefined where no file says how the server is started. */
export function proposalFrom(clues: Clues): Proposal | undefined {
  const deployment = deploymentIn(clues.manifests);
  const start = [deployment?.start, ofProcfile(clues), ofNode(clues), ofGo(clues), ofPython(clues), ofCompose(clues)]
    .concat(ofDockerfile(clues))
    .find((one) => one !== undefined);
  if (start === undefined) return undefined;
  const health = [deployment?.health, healthOfCompose(clues.compose), healthOfDockerfile(clues.dockerfile)].find(
    (one) => one !== undefined,
  );
  const strategy = strategyFor(start.command, deployment);
  return {
    command: start.command,
    ...(start.build === undefined ? {} : { build: start.build }),
    healthPath: health?.path ?? '/',
    ...strategy,
    reasons: [
      `The command is from ${start.from}.`,
      ...(health === undefined ? [] : [`The healthcheck is from ${health.from}.`]),
      strategy.reason,
    ],
  };
}

interface Deployment {
  replicas: number;
  preStopSeconds?: number;
  start?: Start;
  health?: { path: string; from: string };
}

type Strategy = Pick<Proposal, 'strategy' | 'signal' | 'fleet'> & { reason: string };

function strategyFor(command: Command, deployment: Deployment | undefined): Strategy {
  if (deployment !== undefined) {
    const { replicas, preStopSeconds } = deployment;
    const hook = preStopSeconds === undefined ? 'which has no preStop sleep' : 'with its preStop sleep';
    return {
      strategy: 'rolling',
      fleet: { replicas: Math.max(2, replicas), ...(preStopSeconds === undefined ? {} : { preStopSeconds }) },
      reason: `The strategy is that of the Deployment, ${hook}.`,
    };
  }
  const text = textOf(command);
  if (/\bgunicorn\b/.test(text)) {
    return { strategy: 'reload-workers', signal: 'SIGHUP', reason: 'gunicorn replaces its workers on SIGHUP.' };
  }
  if (/\bpuma\b/.test(text)) {
    return { strategy: 'reload-workers', signal: 'SIGUSR1', reason: 'puma replaces its workers on SIGUSR1.' };
  }
  return {
    strategy: 'rolling',
    fleet: FLEET,
    reason:
      'The strategy is a rolling update of two instances behind a front door: a restart alone has a gap by design.',
  };
}

function deploymentIn(manifests: readonly unknown[]): Deployment | undefined {
  const found = manifests.find((one) => at(one, 'kind') === 'Deployment');
  if (found === undefined) return undefined;
  const container = at(found, 'spec', 'template', 'spec', 'containers', 0);
  const words = [at(container, 'command'), at(container, 'args')].flatMap((one) =>
    Array.isArray(one) ? one.map(String) : [],
  );
  const path = at(container, 'readinessProbe', 'httpGet', 'path');
  const replicas = at(found, 'spec', 'replicas');
  const sleep = at(container, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? secondsIn(container);
  return {
    replicas: typeof replicas === 'number' ? replicas : 1,
    ...(typeof sleep === 'number' ? { preStopSeconds: sleep } : {}),
    ...(words.length > 0 ? { start: { command: words, from: 'the Deployment' } } : {}),
    ...(typeof path === 'string' ? { health: { path, from: 'the readinessProbe of the Deployment' } } : {}),
  };
}

/** A preStop that runs `sleep 5`. */
function secondsIn(container: unknown): number | undefined {
  const words = at(container, 'lifecycle', 'preStop', 'exec', 'command');
  const seconds = Array.isArray(words) ? /\bsleep\s+(\d+)/.exec(words.join(' '))?.[1] : undefined;
  return seconds === undefined ? undefined : Number(seconds);
}

function ofProcfile({ procfile = '' }: Clues): Start | undefined {
  const web = /^web:\s*(.+)$/m.exec(procfile)?.[1]?.trim();
  return web === undefined ? undefined : { command: { shell: `exec ${web}` }, from: 'the Procfile' };
}

/** npm does not pass signals on reliably, so the script of `npm start` is taken in its place. */
function ofNode({ packageJson }: Clues): Start | undefined {
  const script = at(packageJson, 'scripts', 'start');
  const main = at(packageJson, 'main');
  if (typeof script === 'string') {
    const isPlain = /^[\w./@:=-]+(?: [\w./@:=-]+)*$/.test(script) && /^(?:node|bun|deno)\b/.test(script);
    const from = 'scripts.start of package.json';
    if (isPlain) return { command: script, from };
    return { command: { shell: `PATH="$PWD/node_modules/.bin:$PATH"; exec ${script}` }, from };
  }
  return typeof main === 'string' ? { command: `node ${main}`, from: 'main of package.json' } : undefined;
}

function ofGo({ goMod, goCommands, folderName }: Clues): Start | undefined {
  const module = /^module\s+(\S+)/m.exec(goMod ?? '')?.[1];
  if (module === undefined) return undefined;
  const [only] = goCommands;
  const name =
    only ??
    module
      .split('/')
      .filter((part) => !/^v\d+$/.test(part))
      .at(-1) ??
    folderName;
  const build = `go build -o bin/${name} ${only === undefined ? '.' : `./cmd/${only}`}`;
  return { command: `./bin/${name}`, build, from: 'go.mod' };
}

function ofPython({ pyproject, pythonFiles }: Clues): Start | undefined {
  const module = ['app.py', 'main.py', 'wsgi.py', 'asgi.py'].find((name) => pythonFiles.includes(name));
  const app = `${(module ?? 'app.py').replace(/\.py$/, '')}:app`;
  const from = 'the dependencies of the Python project';
  if (/\bgunicorn\b/.test(pyproject)) return { command: `gunicorn --bind 127.0.0.1:\${PORT} ${app}`, from };
  if (/\buvicorn\b/.test(pyproject)) return { command: `uvicorn ${app} --port \${PORT}`, from };
  return module === undefined ? undefined : { command: `python3 ${module}`, from: module };
}

function ofCompose({ compose }: Clues): Start | undefined {
  const command = at(webServiceOf(compose), 'command');
  const from = 'the Compose file';
  if (Array.isArray(command)) return { command: command.map(String), from };
  return typeof command === 'string' ? { command, from } : undefined;
}

/** The first service of a Compose file that publishes a port. */
function webServiceOf(compose: unknown): unknown {
  const services = at(compose, 'services');
  const all = typeof services === 'object' && services !== null ? Object.values(services) : [];
  return all.find((service) => at(service, 'ports') !== undefined);
}

function healthOfCompose(compose: unknown): { path: string; from: string } | undefined {
  const test = at(webServiceOf(compose), 'healthcheck', 'test');
  return pathIn(Array.isArray(test) ? test.join(' ') : test, 'the healthcheck of the Compose file');
}

function ofDockerfile({ dockerfile = '' }: Clues): Start | undefined {
  const last = (instruction: string): string | undefined =>
    [...dockerfile.replace(/\\\n/g, ' ').matchAll(new RegExp(`^${instruction}\\s+(.+)$`, 'gim'))].at(-1)?.[1]?.trim();
  const words = [last('ENTRYPOINT'), last('CMD')].map(execForm);
  const from = 'the Dockerfile';
  const all = words.flatMap((one) => one ?? []);
  if (all.length > 0) return { command: all, from };
  const shell = last('CMD') ?? last('ENTRYPOINT');
  return shell === undefined ? undefined : { command: { shell: `exec ${shell}` }, from };
}

/** The words of `["node", "server.js"]`; undefined for the shell form. */
function execForm(text: string | undefined): string[] | undefined {
  try {
    const words = JSON.parse(text ?? '') as unknown;
    return Array.isArray(words) ? words.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function healthOfDockerfile(dockerfile = ''): { path: string; from: string } | undefined {
  return pathIn(/^HEALTHCHECK\s+(.+)$/im.exec(dockerfile.replace(/\\\n/g, ' '))?.[1], 'HEALTHCHECK of the Dockerfile');
}

/** The path of the first address in a command such as `curl -f http://localhost:8080/healthz`. */
function pathIn(text: unknown, from: string): { path: string; from: string } | undefined {
  const path = typeof text === 'string' ? /https?:\/\/[^\s/'"]+(\/[^\s'"|;]*)?/.exec(text)?.[1] : undefined;
  return path === undefined ? undefined : { path, from };
}

function textOf(command: Command): string {
  if (typeof command === 'string') return command;
  return 'shell' in command ? command.shell : command.join(' ');
}

/** A value deep in data from outside; undefined where a part of the way is missing. */
function at(value: unknown, ...way: readonly (string | number)[]): unknown {
  return way.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}
