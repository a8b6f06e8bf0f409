/**
 * The rules of the architecture as functions of source text: each returns what breaks it, one line each.
 *
 * Rule: pure, so that a test can show that a broken rule would be found.
 */
import { posix } from 'node:path';
import { isBuiltin } from 'node:module';
import ts from 'typescript';

/** Files by their path below src, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** What joins stages: the files at the top of src, the commands of the command line, a run and its sessions. */
const JOINS = ['', 'commands', 'run', 'session'];
/** Stages that may import another one besides model. */
const MAY_ALSO_IMPORT: Readonly<Record<string, readonly string[]>> = {
  report: ['judge'],
  targets: ['processes'],
  traffic: ['processes'],
  controls: ['processes'],
};

/** Modules with which something is done to processes, sockets or other machines, and the stages that do such things. */
export const DOING: readonly string[] = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'http',
  'http2',
  'https',
  'net',
  'tls',
  'worker_threads',
  'autocannon',
  'undici',
];
const DOERS = ['processes', 'targets', 'traffic', 'controls', ...JOINS];
/** Node's modules that a stage may use, where it may not use all. */
const ONLY_BUILTINS: Readonly<Record<string, readonly string[]>> = { model: ['os', 'path', 'url', 'zlib'], judge: [] };

const WIDEST_LINE = 120;
/** A line that is one regular expression, which the language has no way to break. */
const ONE_REGEX = /^\s*\/.*\/[a-z]*[;,]$/;
const LONGEST_FILE = 350;
const VAGUE_NAME = /^(?:utils?|helpers?|commons?|managers?|misc)$/;
const SILENCED = [
  { pattern: /\bas any\b/, name: 'as any' },
  { pattern: /@ts-ignore/, name: '@ts-ignore' },
  { pattern: /@ts-expect-error\s*$/, name: '@ts-expect-error without a reason' },
  { pattern: /eslint-disable(?!.*--\s*\S)/, name: 'eslint-disable without a reason' },
];

/** The folder that a file belongs to; empty for the top of src. */
export function stageOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] as string) : '';
}

/** What a file imports, in any form: statement, re-export, type or call. */
export function importsOf(source: string): string[] {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The path below src that a relative import means. */
function targetOf(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** Imports from one stage into another. */
export function crossings(sources: Sources): string[] {
  return eachImport(sources, (path, specifier) => {
    const stage = stageOf(path);
    if (!isRelative(specifier) || JOINS.includes(stage)) return undefined;
    const target = targetOf(path, specifier);
    if (target === 'errors.ts' && stage !== 'model') return undefined;
    const allowed = stage === 'model' ? ['model'] : [stage, 'model', ...(MAY_ALSO_IMPORT[stage] ?? [])];
    return target.includes('/') && allowed.includes(stageOf(target)) ? undefined : `${path} imports ${target}`;
  });
}

/** Modules that do something, used where nothing is done. */
export function misplacedEffects(sources: Sources): string[] {
  return eachImport(sources, (path, specifier) => {
    if (isRelative(specifier)) return undefined;
    const stage = stageOf(path);
    const name = specifier.replace(/^node:/, '').split('/')[0] as string;
    const builtins = isBuiltin(specifier) ? ONLY_BUILTINS[stage] : undefined;
    const isWrong = (DOING.includes(name) && !DOERS.includes(stage)) || builtins?.includes(name) === false;
    return isWrong ? `${path} imports ${specifier}` : undefined;
  });
}

function eachImport(sources: Sources, wrong: (path: string, specifier: string) => string | undefined): string[] {
  return [...sources].flatMap(([path, source]) =>
    importsOf(source).flatMap((specifier) => wrong(path, specifier) ?? []),
  );
}

/** Rings of files that import each other, each told once. */
export function cycles(sources: Sources): string[] {
  const targets = new Map(
    [...sources].map(([path, source]) => [
      path,
      importsOf(source)
        .filter(isRelative)
        .map((specifier) => targetOf(path, specifier)),
    ]),
  );
  const found = new Map<string, string>();
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    const at = above.indexOf(path);
    if (at >= 0) {
      const ring = above.slice(at);
      found.set(ring.toSorted().join(), [...ring, path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...above, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return [...found.values()];
}

/** Files that are too long to be read at a glance. */
export function longFiles(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => {
    const lines = source.replace(/\n$/, '').split('\n').length;
    return lines > LONGEST_FILE ? [`${path} has ${lines} lines`] : [];
  });
}

/** Lines that are wider than the formatter allows; it leaves long strings and comments alone. */
export function wideLines(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    source
      .split('\n')
      .flatMap((line, index) => (line.length > WIDEST_LINE && !ONE_REGEX.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

/** Files and folders whose name does not say what is in them. */
export function vagueNames(sources: Sources): string[] {
  return [...sources.keys()].filter((path) =>
    path.split('/').some((part) => VAGUE_NAME.test(part.replace(/\.\w+$/, ''))),
  );
}

/** Places where the compiler or the linter was silenced. */
export function silencedChecks(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    source
      .split('\n')
      .flatMap((line, index) =>
        SILENCED.filter(({ pattern }) => pattern.test(line)).map(({ name }) => `${path}:${index + 1} ${name}`),
      ),
  );
}

/** Files that do not begin by saying what they are for. */
export function unexplainedFiles(sources: Sources): string[] {
  return [...sources].filter(([, source]) => !/^(?:#!.*\n)?\/\*\*/.test(source)).map(([path]) => path);
}

/** Places that send a signal by number, but for the one that states who may be signalled. */
export function strayingSignals(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    path === 'processes/signal.ts' || !/\bprocess\.kill\(/.test(source) ? [] : [`${path} calls process.kill`],
  );
}

/** Rooms for which a target is opaque: what an instance is made of is known to its own kind of target alone. */
const BLIND_TO_PROCESSES = ['traffic', 'judge', 'report', 'run', 'session'];
/** Words and imports by which a file there would know of processes. */
const PROCESS_WORDS: readonly { pattern: RegExp; name: string }[] = [
  { pattern: /\b[pP]ids?(?![a-z])|[a-z]Pids?(?![a-z])/, name: 'a pid' },
  { pattern: /\/proc(?![\w.])/, name: '/proc' },
  { pattern: /process[- ]?group/i, name: 'a process group' },
  { pattern: /\bstartTicks\b|\.process\b/, name: 'a mark of a process' },
  { pattern: /from '[./]*processes\/(?:proc|group|kill|signal|listeners|accept\w*)\.ts'/, name: 'processes/' },
  { pattern: /from '[./]*targets\/(?:process|fleet|attached)\//, name: 'a kind of target' },
];
/** They start processes of zerodrop's own and give their numbers, by which tests end them. */
const OWN_CHILDREN = ['traffic/agents/local.ts', 'traffic/pressure/pressure.ts'];

/** Places that know an instance of a target for a process, outside of the kinds of target. */
export function processesKnown(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => BLIND_TO_PROCESSES.includes(stageOf(path)) && !OWN_CHILDREN.includes(path))
    .flatMap(([path, source]) =>
      source
        .split('\n')
        .flatMap((line, index) =>
          PROCESS_WORDS.filter(({ pattern }) => pattern.test(line)).map(({ name }) => `${path}:${index + 1} ${name}`),
        ),
    );
}
