/**
 * The gallery: `npm run gallery -- [filter...] [--twice] [--out FOLDER] [--cores N] [--budget SECONDS]
 * [--weigh]`. It runs every scenario and holds it to what it expects. `--weigh` writes into weights.json what each
 * needed.
 *
 * Rule: ends with 0 only when there was no surprise. A program that is not installed skips a scenario with a notice,
 * and in CI is a surprise.
 */
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';
import { printFailure } from '../../src/commands/failure.ts';
import { EXIT } from '../../src/errors.ts';
import { durationText } from '../../src/report/view/words.ts';
import { entriesIn, selectedOf } from './entries.ts';
import { galleryOf } from './gallery.ts';
import { writePages } from './page.ts';
import { cellsOf, HEAD, type Shown } from './row.ts';
import type { Need } from './side-by-side.ts';
import { readWeights, writeWeights } from './weights.ts';

/** A need is a mean over a run, and starts of processes coincide: some of every core is left for them. */
const CARRIED_SHARE = 0.8;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    twice: { type: 'boolean', default: false },
    out: { type: 'string', default: 'reports/gallery' },
    cores: { type: 'string', default: String(CARRIED_SHARE * availableParallelism()) },
    budget: { type: 'string', default: '120' },
    weigh: { type: 'boolean', default: false },
  },
});
process.chdir(ROOT);
const entries = await entriesIn('scenarios').catch((error: unknown) => process.exit(printFailure(error)));
const selected = selectedOf(entries, positionals);
const [cores, budgetMs] = [Number(values.cores), Number(values.budget) * 1000];
if (selected.length === 0 || !(cores > 0) || !(budgetMs > 0)) {
  console.error(
    selected.length === 0
      ? `No scenario matches ${positionals.join(', ')}. There are: ${entries.map(({ name }) => name).join(', ')}.`
      : '--cores and --budget are numbers above 0.',
  );
  process.exit(EXIT.usage);
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) console.error('\nEnding; what runs is given time to end.');
    interrupt.abort();
  });
}

const weights = readWeights();
const measured = new Map<string, Need>();
const startedMs = performance.now();
const passes: Shown[][] = [];
for (let pass = 0; pass < (values.twice ? 2 : 1) && !interrupt.signal.aborted; pass += 1) {
  if (values.twice) console.log(`\nPass ${pass + 1} of 2`);
  passes.push(
    await galleryOf(selected, {
      outDir: join(values.out, 'runs'),
      cores,
      weights,
      ...(values.weigh ? { weighed: ({ name }, need) => void measured.set(name, need) } : {}),
      budgetMs,
      strict: process.env['CI'] === 'true',
      signal: interrupt.signal,
      tell,
    }),
  );
}
if (values.weigh) {
  writeWeights(
    measured,
    entries.map(({ name }) => name),
  );
}

const all = passes.flat();
const table = new Table({
  head: HEAD,
  colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [], compact: true },
});
for (const shown of all) for (const cells of cellsOf(shown)) table.push(cells);
console.log(`\n${table.toString()}`);
const surprises = all.filter(({ state }) => state === 'surprise');
for (const shown of surprises) tell(shown);
const repeated = all.filter(({ noise }) => noise.length > 0);
if (repeated.length > 0) console.log('\nThe machine was too busy to judge these at once:');
for (const { name, noise } of repeated) for (const one of noise) console.log(`  ${name}: ${one}`);
const page = writePages(values.out, selected, passes.at(-1) ?? []);
const of = (state: Shown['state']): number => all.filter((shown) => shown.state === state).length;
const expected = passes.length > 1 ? ` in ${passes.length} passes` : '';
console.log(
  `\n${of('expected')} as expected, ${surprises.length} surprise${surprises.length === 1 ? '' : 's'}, ` +
    `${of('skipped')} skipped${expected}; ${durationText(performance.now() - startedMs)}. The table as a page: ` +
    relative('.', page),
);
process.exit(interrupt.signal.aborted ? EXIT.interrupted : surprises.length > 0 ? EXIT.fail : EXIT.pass);

/** One line for each arm, then why it is a surprise. */
function tell(shown: Shown): void {
  const word = { expected: pc.green('as expected'), surprise: pc.red('SURPRISE'), skipped: pc.yellow('skipped') }[
    shown.state
  ];
  if (shown.arms.length === 0) console.log(`${word.padEnd(12)} ${shown.name}`);
  for (const [name = '', verdict = '', wanted = '', drops = '', gap = '', stall = '', drain = '', took = ''] of cellsOf(
    shown,
  )) {
    const again = took !== '' && shown.noise.length > 0 ? `, too busy before: ${shown.noise.join('; ')}` : '';
    console.log(
      `${word.padEnd(12)} ${name.padEnd(40)} ${verdict.padEnd(12)} expected: ${wanted.padEnd(12)} drops ` +
        `${drops.padStart(5)}  gap ${gap.padStart(7)}  stall ${stall.padStart(7)}  drain ${drain.padStart(7)}  ` +
        `${took}${again}`,
    );
  }
  for (const reason of shown.reasons) console.log(`    ${reason}`);
  if (shown.state !== 'surprise') return;
  for (const { arm, asExpected, findings } of shown.arms) {
    if (!asExpected) {
      for (const { code, message } of findings.slice(0, 4)) {
        console.log(`    ${shown.arms.length > 1 ? `${arm}: ` : ''}${code}: ${message}`);
      }
    }
  }
  if (shown.folder !== undefined) console.log(`    ${join(shown.folder, 'report.html')}`);
}
