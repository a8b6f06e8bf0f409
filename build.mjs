/**
 * `npm run build`: compiles src to dist, and does nothing when dist is as new as what it is made from.
 *
 * Rule: whatever needs dist may ask for it, since asking costs nothing; a build that takes time says so. `--release`
 * starts from nothing and leaves out source maps, so that a package holds nothing stale and nothing that leads nowhere.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BUILT = 'dist/.built';
const MADE_FROM = ['src', 'build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const isRelease = process.argv.includes('--release');
if (isRelease) rmSync('dist', { recursive: true, force: true });
const changedMs = Math.max(...MADE_FROM.map(newestMs));
if (changedMs > builtMs()) {
  const started = new Date();
  console.error('Compiling src to dist: some seconds, once.');
  run('tsc', '-p', 'tsconfig.build.json', ...(isRelease ? ['--sourceMap', 'false'] : []));
  const page = ['src/report/page/client/main.ts', '--bundle', '--minify', '--format=esm'];
  run('esbuild', ...page, '--log-level=warning', '--outfile=dist/report/page/page.js');
  const { scenarioJsonSchema } = await import('./dist/scenario/schema.js');
  writeFileSync('dist/zerodrop.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  writeFileSync(BUILT, '');
  utimesSync(BUILT, started, started); // What was changed meanwhile is newer.
  console.error(`Compiled in ${((Date.now() - started.getTime()) / 1000).toFixed(1)} s.`);
}

/** When a file, or the newest entry below a folder, was changed. A folder changes when a file in it goes. */
function newestMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMs(`${path}/${name}`)));
}

function builtMs() {
  return statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(program, ...args) {
  try {
    execFileSync(`node_modules/.bin/${program}`, args, { stdio: 'inherit' });
  } catch {
    process.exit(1); // It has said why.
  }
}
