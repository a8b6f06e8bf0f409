/**
 * Reads the files of a project that may say how its server is started.
 *
 * Rule: only files of known names, at the top of the folder or where Deployments usually lie; nothing is executed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Clues } from './proposal.ts';

const FOLDERS_OF_MANIFESTS = ['.', 'k8s', 'kubernetes', 'deploy', 'manifests'];
const COMPOSE = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
/** No manifest of a Deployment is longer. */
const LONGEST_TEXT = 200_000;

/** What the folder says. A file that cannot be read or parsed says nothing. */
export function cluesIn(folder: string): Clues {
  const text = (name: string): string | undefined => attempt(() => readFileSync(join(folder, name), 'utf8'));
  const yaml = (name: string): unknown => attempt(() => parse(text(name) ?? '') as unknown);
  return {
    folderName: basename(folder),
    packageJson: attempt(() => JSON.parse(text('package.json') ?? 'null') as unknown),
    goMod: text('go.mod'),
    goCommands: namesIn(join(folder, 'cmd')),
    pyproject: [text('pyproject.toml'), text('requirements.txt')].filter((one) => one !== undefined).join('\n'),
    pythonFiles: namesIn(folder).filter((name) => name.endsWith('.py')),
    procfile: text('Procfile'),
    dockerfile: text('Dockerfile'),
    compose: COMPOSE.map(yaml).find((one) => one !== undefined && one !== null),
    manifests: FOLDERS_OF_MANIFESTS.flatMap((below) =>
      namesIn(join(folder, below))
        .filter((name) => /\.ya?ml$/.test(name) && !COMPOSE.includes(name))
        .flatMap((name) => documentsIn(text(join(below, name)) ?? '')),
    ),
  };
}

function documentsIn(text: string): unknown[] {
  if (text.length > LONGEST_TEXT || !text.includes('kind: Deployment')) return [];
  return attempt(() => parseAllDocuments(text).map((document) => document.toJS() as unknown)) ?? [];
}

const namesIn = (folder: string): string[] => attempt(() => readdirSync(folder).toSorted()) ?? [];

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
