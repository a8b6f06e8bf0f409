/**
 * Makes the examples of this folder anew: `npm run examples`. Runs a scenario that passes, one that fails and one that
 * compares, keeps their reports, and takes a picture of each page where a Chromium is installed. Names of examples as
 * arguments: only those.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const EXAMPLES = {
  passing: 'scenarios/node/hasty-drain-cured.yaml',
  failing: 'scenarios/node/hasty-drain.yaml',
  comparison: 'scenarios/demo.yaml',
};
const FILES = [
  'report.html',
  'result.json',
  'summary.md',
  'junit.xml',
  'timeline.png',
  'overlay.png',
  'comparison.png',
];

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
// A path that says nothing of the machine: the command stands in the reports.
const outDir = 'reports/examples-run';
const scratch = join(root, outDir);

try {
  const wanted = process.argv.slice(2);
  for (const [name, scenario] of Object.entries(EXAMPLES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    rmSync(scratch, { recursive: true, force: true });
    const { status } = spawnSync(process.execPath, ['dist/cli.js', 'run', scenario, '--expect', '--out-dir', outDir], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`${scenario} ended with ${status}`);
    const [run] = readdirSync(scratch).flatMap((one) =>
      readdirSync(join(scratch, one)).map((id) => join(scratch, one, id)),
    );
    const folder = join(here, name);
    mkdirSync(folder, { recursive: true });
    for (const file of FILES) if (existsSync(join(run, file))) copyFileSync(join(run, file), join(folder, file));
    await takePicture(join(folder, 'report.html'), join(folder, 'page.png'));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** A picture of the top of a page; none where no Chromium is in PATH. */
async function takePicture(page, picture) {
  const [executablePath] = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((program) => join(folder, program)))
    .filter(existsSync);
  if (executablePath === undefined) return;
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const tab = await browser.newPage({ viewport: { width: 1440, height: 1250 } });
    await tab.goto(pathToFileURL(page).href);
    await tab.waitForLoadState('networkidle');
    await tab.waitForTimeout(500);
    await tab.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}
