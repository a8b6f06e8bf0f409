/**
 * `npm run build`: compiles src to dist, and does nothing when dist is as new as what it is made from.
 *
 * Rule: whatever needs dist may ask for it, since asking costs nothing; a build that takes time says so. `--release`
 * starts from nothing and leaves out source maps, so that a package holds nothing stale and nothing that leads nowhere.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
  await bundleChartCanvas();
  const { scenarioJsonSchema } = await import('./dist/scenario/schema.js');
  writeFileSync('dist/zerodrop.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  writeFileSync(BUILT, '');
  utimesSync(BUILT, started, started); // What was changed meanwhile is newer.
  console.error(`Compiled in ${((Date.now() - started.getTime()) / 1000).toFixed(1)} s.`);
}

/**
 * chartjs-node-canvas inside dist, drawing on @napi-rs/canvas: nobody who installs the package needs `canvas`, whose
 * install step compiles or downloads. It loads `canvas` by a name that is only known at run time, by freshRequire.
 */
async function bundleChartCanvas() {
  const { build } = await import('esbuild');
  const licence = readFileSync('node_modules/chartjs-node-canvas/LICENSE', 'utf8');
  await build({
    entryPoints: ['src/report/png/chart-canvas.ts'],
    outfile: 'dist/report/png/chart-canvas.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    external: ['chart.js', '@napi-rs/canvas'],
    banner: {
      js:
        `/*\nchartjs-node-canvas, bundled:\n\n${licence.trim()}\n*/\n` +
        "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'canvas',
        setup({ onLoad }) {
          onLoad({ filter: /[\\/]chartjs-node-canvas[\\/]dist[\\/]freshRequire\.js$/ }, () => ({
            contents: "exports.freshRequire = () => require('@napi-rs/canvas/node-canvas');",
          }));
        },
      },
    ],
  });
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
