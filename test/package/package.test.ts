/**
 * The packed package in the hands of its users: installed by each package manager without install scripts, into a
 * folder whose name has a space and an umlaut, then run from the command line, JavaScript and TypeScript.
 *
 * Rule: nothing of this checkout is used but the packed file and the TypeScript compiler.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MINUTES = 60_000;
/** How each installs a packed file without install scripts. `npx` fetches the manager itself. */
const MANAGERS: Readonly<Record<string, { program: string; install: readonly string[]; files?: object }>> = {
  'npm 10': { program: 'npm@10', install: ['install', '--ignore-scripts', '--no-audit', '--no-fund'] },
  'npm 11': { program: 'npm@11', install: ['install', '--ignore-scripts', '--no-audit', '--no-fund'] },
  pnpm: { program: 'pnpm@10', install: ['add', '--ignore-scripts'] },
  'yarn classic': { program: 'yarn@1', install: ['add', '--ignore-scripts', '--non-interactive'] },
  'yarn berry, node-modules': {
    program: '@yarnpkg/cli-dist@4',
    install: ['add'],
    files: {
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\nenableTelemetry: false\n',
      'yarn.lock': '',
    },
  },
};
const CODE = `import { defineScenario, run, scenarioOf } from 'zerodrop';

const source = defineScenario({
  name: 'from-code',
  target: { command: ['node', 'server.mjs'] },
  restart: { strategy: 'stop-start', count: 1, quiet: '300ms' },
  traffic: { arrivals: { fresh: { rate: '50/s' } } },
  controls: { positive: false, negative: 0 },
});
const { result } = await run(scenarioOf(source), { outDir: 'reports' });
process.stdout.write(result.verdict);
`;
const TYPED = `import { loadScenario, run, type Result, type Verdict } from 'zerodrop';

export async function verdictOf(path: string): Promise<Verdict> {
  const { result }: { result: Result } = await run(await loadScenario(path));
  return result.verdict;
}
// @ts-expect-error -- types are really there: a verdict is no number
export const wrong: number = await verdictOf('scenario.yaml');
`;
const SCENARIO = `name: packed
target: {command: node server.mjs}
restart: {strategy: stop-start, count: 1, quiet: 300ms}
traffic: {arrivals: {fresh: {rate: 50/s}}}
controls: {negative: 0}
`;
const SERVER = `import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');
`;

let scratch: string;
let packed: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'zerodrop-package-'));
  // What vitest's setup built is packed: a release build would take dist away from tests that run beside this one.
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch];
  packed = join(scratch, execFileSync('npm', pack, { encoding: 'utf8' }).trim());
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What a command prints. Throws with its output when it fails. */
function print(folder: string, program: string, args: readonly string[], codes: readonly number[] = [0]): string {
  try {
    const env = { ...process.env, CI: '', NO_COLOR: '1', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' };
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env });
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    if (codes.includes(status)) return stdout;
    throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`, { cause: error });
  }
}

/** Whether npx can fetch the manager; only a registry that is out of reach skips a test, and not in CI. */
function isAvailable(program: string): boolean {
  try {
    execFileSync('npx', ['-y', program, '--version'], { cwd: scratch, stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    console.warn(`NOTICE: ${program} cannot be fetched; its test is skipped.`);
    return false;
  }
}

describe.each(Object.entries(MANAGERS))('%s', (name, { program, install, files = {} }) => {
  it(
    'installs the packed file, which then runs and compiles',
    (context) => {
      if (!isAvailable(program)) return context.skip();
      const folder = join(scratch, `Größe ${name}`);
      mkdirSync(folder);
      const own = {
        'package.json': '{"name": "consumer", "private": true, "type": "module"}',
        'scenario.yaml': SCENARIO,
        'server.mjs': SERVER,
        'code.mjs': CODE,
        'typed.ts': TYPED,
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            ...{ strict: true, target: 'es2023', module: 'nodenext', noEmit: true },
            ...{ lib: ['es2023', 'dom'], types: [], skipLibCheck: false },
          },
          files: ['typed.ts'],
        }),
        ...files,
      };
      for (const [file, text] of Object.entries(own)) writeFileSync(join(folder, file), text);
      const isBerry = program.startsWith('@yarnpkg');
      print(folder, 'npx', ['-y', program, ...install, isBerry ? `zerodrop@file:${packed}` : packed]);

      // One restart is too few for a pass, and the strategy drops requests: exit code 1 or 2, with a report.
      const said = print(folder, 'node_modules/.bin/zerodrop', ['run', 'scenario.yaml', '--quiet'], [1, 2]);
      expect(said).toContain('Report: ');
      const reports = readdirSync(join(folder, 'reports/packed'), { recursive: true, encoding: 'utf8' });
      expect(reports.filter((file) => file.endsWith('timeline.png'))).toHaveLength(1);
      expect(print(folder, process.execPath, ['code.mjs'])).toMatch(/^(?:fail|inconclusive)$/);
      print(folder, process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--project', '.']);
    },
    6 * MINUTES,
  );
});

describe('the package', () => {
  it('holds what is needed to run, and nothing else', () => {
    const files = print(scratch, 'tar', ['-tzf', packed])
      .trim()
      .split('\n')
      .map((path) => path.replace('package/', ''));
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/zerodrop.schema.json']),
    );
    const others = files.filter(
      (path) => !/^(?:LICENSE|README\.md|package\.json|dist\/.*\.(?:js|d\.ts|json))$/.test(path),
    );
    expect(others).toEqual([]);
  });

  it.each([
    ['publint', ['publint@0.3', '--strict']],
    ['are the types wrong', ['@arethetypeswrong/cli@0.18', '--profile', 'esm-only']],
  ])('is clean to %s', (_, [program = '', ...args]) => {
    print(scratch, 'npx', ['-y', program, ...(program.startsWith('publint') ? ['run'] : []), packed, ...args]);
  });
});
