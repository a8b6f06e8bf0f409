/**
 * Makes the examples of this folder anew: `npm run examples`. Runs the demonstration, keeps its reports, and takes a picture of the
 * page where a Chromium is installed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
// A path that says nothing of the machine: the command stands in the reports.
const outDir = 'reports/examples-run';
const scratch = join(root, outDir);

try {
  const words = ['dist/cli.js', 'run', 'scenarios/demo.yaml', '--expect', '--out-dir', outDir];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`the demonstration ended with ${status}`);
  const run = join(scratch, 'demo', readdirSync(join(scratch, 'demo'))[0]);
  const folder = join(here, 'demo');
  mkdirSync(folder, { recursive: true });
  for (const file of ['report.html', 'result.json', 'summary.md', 'junit.xml', 'timeline.png']) copyFileSync(join(run, file), join(folder, file));

  const picture = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars', '--window-size=1440,1250'];
  const profile = `--user-data-dir=${join(scratch, 'profile')}`;
  spawnSync('chromium', [...picture, profile, `--screenshot=${join(folder, 'page.png')}`, pathToFileURL(join(folder, 'report.html')).href]);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
