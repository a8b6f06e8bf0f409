/**
 * What a schema cannot see: names that must exist outside the file, and fields that contradict each other.
 *
 * Rule: each check reads only what it needs and asks for nothing else to be right, so that all problems come at once.
 */
import { resolve } from 'node:path';
import { CLIENT_TIMEOUT_MS } from '../model/scenario.ts';
import { portVariableOf } from '../model/service.ts';
import { isStarting } from '../model/step.ts';
import { startsInstances, strategyNamed, strategyNames, suitsAttached } from '../model/strategies/registry.ts';
import { durationMs, durationText } from '../model/units.ts';
import { commandProblems } from './command-problems.ts';
import { fleetProblems } from './fleet-contradictions.ts';
import { http2Problems } from './http2-contradictions.ts';
import { kubernetesProblems } from './kubernetes-contradictions.ts';
import { statsOf } from './found.ts';
import { isMap, valueAt, type Source } from './layers.ts';
import { recycleProblems } from './recycle-contradictions.ts';
import { stepsOf } from './steps.ts';
import { didYouMean, expectedText, gotText, type Path, type Problem } from './wording.ts';

/** What there is outside the scenario. */
export interface Surroundings {
  /** Folder that relative paths start from. */
  folder: string;
}

const PLACEHOLDER = /\$\{([A-Za-z_]\w*)\}/g;

/** All problems of one arm, base and command line included, beyond its schema. */
export function contradictionsOf(arm: Source, surroundings: Surroundings): Problem[] {
  return [
    ...strategyProblems(arm),
    ...folderProblems(arm, surroundings.folder),
    ...serviceProblems(arm),
    ...urlProblems(arm),
    ...certificateProblems(arm, surroundings.folder),
    ...placeholderProblems(arm),
    ...commandProblems(arm),
    ...attachProblems(arm),
    ...fleetProblems(arm),
    ...http2Problems(arm),
    ...kubernetesProblems(arm),
    ...freezeProblems(arm),
    ...recycleProblems(arm),
  ];
}

function strategyProblems(arm: Source): Problem[] {
  const path = ['restart', 'strategy'];
  const strategy = valueAt(arm, path);
  if (typeof strategy !== 'string' || strategy === '') return [];
  const known = strategyNamed(strategy);
  if (known === undefined) {
    const names = strategyNames();
    return [
      {
        path,
        text: expectedText(
          `the name of a strategy (${names.join(', ')}) or a list of steps`,
          strategy,
          didYouMean(strategy, names),
        ),
      },
    ];
  }
  const { needs } = known;
  if (needs === undefined || valueAt(arm, ['restart', needs.field]) !== undefined) return [];
  const text = expectedText(`${needs.what}, since restart.strategy is ${strategy}`, undefined);
  return [{ path: ['restart', needs.field], text }];
}

function folderProblems(arm: Source, folder: string): Problem[] {
  const owners = [['target'], ...namesIn(arm, ['services']).map((name) => ['services', name])];
  return owners.flatMap((owner) => {
    const path = [...owner, 'working_dir'];
    const named = valueAt(arm, path);
    if (typeof named !== 'string') return [];
    const absolute = resolve(folder, named);
    if (statsOf(absolute)?.isDirectory() === true) return [];
    return [{ path, text: expectedText('a folder that exists', named, `: there is no folder ${absolute}`) }];
  });
}

function serviceProblems(arm: Source): Problem[] {
  const names = namesIn(arm, ['services']);
  return names.flatMap((name, index) => {
    const twin = names.slice(0, index).find((other) => portVariableOf(other) === portVariableOf(name));
    return twin === undefined
      ? []
      : [
          {
            path: ['services', name],
            text:
              `expected a name whose variable is its own; got ${portVariableOf(name)}, which is that of ${twin}, ` +
              'too',
          },
        ];
  });
}

function urlProblems(arm: Source): Problem[] {
  const path = ['target', 'url'];
  const written = valueAt(arm, path);
  if (typeof written !== 'string') return [];
  if (/^(?:http\+)?unix:|^https?:\/\/unix[:/]/.test(written)) {
    const instead = 'let the target listen on ${PORT} and write http://127.0.0.1:${PORT}';
    return [{ path, text: expectedText(`a TCP address, since Unix sockets are not supported: ${instead}`, written) }];
  }
  const filled = written.replace(PLACEHOLDER, '1');
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return [{ path, text: expectedText('an http or https address, such as http://127.0.0.1:${PORT}', written) }];
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return [
      { path, text: expectedText('an address without a path (paths stand in healthcheck and traffic)', written) },
    ];
  }
  return [];
}

/** Fields that only https has, and files that they name. A build may make those. */
function certificateProblems(arm: Source, folder: string): Problem[] {
  const url = valueAt(arm, ['target', 'url']);
  const isSecure = typeof url === 'string' && url.startsWith('https:');
  const fields = ['ca', 'client_certificate', 'server_name'].filter(
    (name) => !isSecure && valueAt(arm, ['target', name]) !== undefined,
  );
  const misplaced = fields.map((name) => ({
    path: ['target', name],
    text: expectedText('an https address in target.url, which it is for', valueAt(arm, ['target', name])),
  }));
  const workingDir = valueAt(arm, ['target', 'working_dir']);
  const base = resolve(folder, typeof workingDir === 'string' ? workingDir : '.');
  const files = [['ca'], ['client_certificate', 'cert'], ['client_certificate', 'key']].flatMap((field) => {
    const path = ['target', ...field];
    const named = valueAt(arm, path);
    if (typeof named !== 'string' || valueAt(arm, ['target', 'build']) !== undefined) return [];
    if (statsOf(resolve(base, named))?.isFile() === true) return [];
    return [{ path, text: expectedText('a PEM file that exists in target.working_dir', named) }];
  });
  return [...misplaced, ...files];
}

/** Placeholders that nothing will replace. What a shell reads is the shell's own business. */
function placeholderProblems(arm: Source): Problem[] {
  const own = namesIn(arm, ['target', 'environment']);
  const services = namesIn(arm, ['services']);
  const outside = ['SCRATCH', ...Object.keys(process.env)];
  const servicePorts = services.map(portVariableOf);
  const ports = ['PORT', ...servicePorts];
  const runs = stepsOf(arm).filter(({ name }) => name === 'run');
  const stepCommands = runs.map(({ path, name, options }) =>
    isMap(options) ? [...path, name, 'command'] : [...path, name],
  );
  return [
    ...[['target', 'url'], ['target', 'pid_file'], ...own.map((name) => ['target', 'environment', name])].flatMap(
      (path) =>
        unknownPlaceholders(arm, path, [...ports, ...outside], "${PORT} or a variable of zerodrop's own environment"),
    ),
    // A build has no port yet.
    ...wordsAt(arm, ['target', 'build']).flatMap((path) =>
      unknownPlaceholders(
        arm,
        path,
        [...own, ...outside],
        "a variable of target.environment or of zerodrop's own environment",
      ),
    ),
    ...[
      ['target', 'command'],
      ['target', 'identity', 'command'],
      ['restart', 'command'],
      ['restart', 'config'],
      ...stepCommands,
    ]
      .flatMap((command) => wordsAt(arm, command))
      .flatMap((path) =>
        unknownPlaceholders(
          arm,
          path,
          [...ports, ...own, ...outside],
          "${PORT} or a variable of target.environment or of zerodrop's own environment",
        ),
      ),
    ...services.flatMap((name) => {
      const [path, theirs] = [['services', name], namesIn(arm, ['services', name, 'environment'])];
      const wanted = (more: string): string =>
        `the port of a service (${servicePorts.map((port) => `\${${port}}`).join(', ')}) or a variable of ` +
        `${more}zerodrop's own environment`;
      return [
        ...theirs.flatMap((key) =>
          unknownPlaceholders(arm, [...path, 'environment', key], [...servicePorts, ...outside], wanted('')),
        ),
        ...wordsAt(arm, [...path, 'command']).flatMap((word) =>
          unknownPlaceholders(arm, word, [...servicePorts, ...theirs, ...outside], wanted('its environment or of ')),
        ),
      ];
    }),
  ];
}

/** The names of the fields of a map; none where there is no map. */
function namesIn(arm: Source, path: Path): string[] {
  const map = valueAt(arm, path);
  return isMap(map) ? Object.keys(map) : [];
}

function unknownPlaceholders(arm: Source, path: Path, names: readonly string[], expected: string): Problem[] {
  const text = valueAt(arm, path);
  if (typeof text !== 'string') return [];
  return [...text.matchAll(PLACEHOLDER)]
    .map((match) => match[1] as string)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path, text: `expected ${expected}; got "\${${name}}"${didYouMean(name, names)}` }));
}

/** The words of a command that is a list, or the text that it is. */
function wordsAt(arm: Source, path: Path): Path[] {
  const command = valueAt(arm, path);
  return Array.isArray(command) ? command.map((_, index) => [...path, index]) : [path];
}

function attachProblems(arm: Source): Problem[] {
  if (isMap(valueAt(arm, ['target', 'kubernetes']))) return [];
  const url = valueAt(arm, ['target', 'url']);
  const attaches = valueAt(arm, ['target', 'command']) === undefined && typeof url === 'string' && !url.includes('${');
  if (!attaches) return [];
  const because = 'since target.command is missing and zerodrop cannot start the target';
  const path = ['restart', 'strategy'];
  const strategy = valueAt(arm, path);
  if (typeof strategy === 'string') {
    const known = strategyNamed(strategy);
    if (known === undefined || !startsInstances(known)) return [];
    return [
      {
        path,
        text: expectedText(
          `a strategy that does not start instances (${strategyNames(suitsAttached).join(', ')}), ${because}`,
          strategy,
        ),
      },
    ];
  }
  return stepsOf(arm)
    .filter(({ name }) => isStarting({ kind: name }))
    .map((step) => ({
      path: step.path,
      text:
        `expected a step that starts and ends no instance, such as run or signal, ${because}; got ` +
        gotText(step.name),
    }));
}

/**
 * What is due while zerodrop itself has stopped the target must be able to wait for it, or each freeze would be a loss
 * of the target's.
 */
function freezeProblems(arm: Source): Problem[] {
  const limitMs = (name: string): number | undefined => durationAt(valueAt(arm, ['traffic', 'client', name]));
  const patienceMs = Math.min(limitMs('timeout') ?? CLIENT_TIMEOUT_MS, limitMs('head_timeout') ?? Infinity);
  const steps = stepsOf(arm)
    .filter(({ name }) => name === 'freeze')
    .map(({ path, name, options }) => ({ path: [...path, name], value: options }));
  return [{ path: ['adversity', 'freeze'], value: valueAt(arm, ['adversity', 'freeze']) }, ...steps]
    .filter(({ value }) => (durationAt(value) ?? 0) >= patienceMs)
    .map(({ path, value }) => ({
      path,
      text: expectedText(
        `less than what the client waits for an answer (traffic.client, ${durationText(patienceMs)})`,
        value,
      ),
    }));
}

function durationAt(value: unknown): number | undefined {
  return typeof value === 'string' ? durationMs(value) : undefined;
}
