/**
 * Comparison: a difference between two arms that is really there is found, and one that is not is not called. Pairs of
 * arms that are alike, and pairs with one known difference, are run again and again, each time with another seed; what
 * counts is what `result.comparison` says.
 *
 * Rule: whole runs through run(), with real restarts, the arms in turns, so that drift, order and a noisy machine have
 * their part in the errors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { leastPValue } from '../../../src/judge/compare/exact-tests.ts';
import { shareOf } from '../../../src/judge/compare/intervals.ts';
import { MEASURE_WORDS } from '../../../src/judge/compare/sentences.ts';
import { scenarioOf } from '../../../src/run/load.ts';
import { MEASURES, type ComparedPair, type Measure } from '../../../src/model/comparison.ts';
import type { ScenarioSource } from '../../../src/model/scenario.ts';
import { run } from '../../../src/run/run.ts';
import { fixed, type Figures } from '../figures.ts';
import type { BenchOptions } from '../main.ts';

const SERVERS = fileURLToPath(new URL('../servers', import.meta.url));
/** As few as can show a difference in each of five measures. */
const RESTARTS = 6;
/** Of calling any difference that is not there, over all measures of a comparison. */
const PROMISED_ERROR_RATE = 0.05;

type Environment = Readonly<Record<string, string>>;

interface Pair {
  name: string;
  reference: Environment;
  other: Environment;
  /** The measures in which the other arm is worse by design; none where the arms are alike. */
  worseIn: readonly Measure[];
}

const CLEAN: Environment = {};
const lossy = (chance: number): Environment => ({ FLAW: 'lossy', CHANCE: String(chance) });
const stalling = (ms: number): Environment => ({ FLAW: 'stall', STALL_MS: String(ms) });
const PAIRS: readonly Pair[] = [
  { name: 'alike; both lose nothing', reference: CLEAN, other: CLEAN, worseIn: [] },
  {
    name: 'alike; both lose a request in half of their restarts',
    reference: lossy(0.5),
    other: lossy(0.5),
    worseIn: [],
  },
  {
    name: 'the other one loses a request in every restart',
    reference: CLEAN,
    other: lossy(1),
    worseIn: ['dirty', 'gap'],
  },
  {
    name: 'both stand still in every restart, for 50 ms and for 150 ms',
    reference: stalling(50),
    other: stalling(150),
    worseIn: ['stall', 'p99', 'drain'],
  },
];

export async function comparison({ repetitions }: BenchOptions): Promise<Figures> {
  const compared = PAIRS.map((pair) => ({ pair, comparisons: [] as ComparedPair[] }));
  for (let seed = 1; seed <= repetitions; seed += 1) {
    for (const { pair, comparisons } of compared) comparisons.push(await comparisonOf(pair, seed));
  }
  const all = compared.flatMap(({ pair, comparisons }) => comparisons.map((one) => ({ pair, one })));
  const wrong = all.filter(({ pair, one }) => calledIn(one).some((what) => !isByDesign(pair, what))).length;
  const { low } = shareOf(wrong, all.length);
  return {
    about:
      `Two arms of ${RESTARTS} restarts each, in turns, 100 requests/s: ${repetitions} runs of each pair, with ` +
      'another seed each. Whatever is called beyond the known difference, or in the wrong direction, is not ' +
      'there.',
    head: ['arms', 'by design worse in', 'found (95 %)', 'called, and not there (95 %)', 'what was called'],
    rows: compared.map(({ pair, comparisons }) => rowOf(pair, comparisons)),
    notes: [
      `Called and not there in ${wrong} of ${all.length} comparisons (95 %: ${rangeText(wrong, all.length)}); ` +
        `promised is ${PROMISED_ERROR_RATE * 100} % at most, over all measures of a comparison: ` +
        `${(low ?? 0) <= PROMISED_ERROR_RATE ? 'no contradiction' : 'ABOVE'}. ` +
        'test/judge/compare/error-rates.test.ts holds the same promise against 400 drawn comparisons of each ' +
        'kind.',
      `What is found with ${RESTARTS} restarts is nearly as different as can be: when each restart of one arm ` +
        `is worse than each of the other, p is ${fixed(leastPValue(RESTARTS, RESTARTS) * MEASURES.length, 3)} ` +
        `after the correction for ${MEASURES.length} measures; one restart out of line and it is not shown. ` +
        'Smaller differences are promised with 20 restarts only, in 9 of 10 comparisons of the same test.',
    ],
  };
}

/** One run of both arms, as far as its comparison goes. */
async function comparisonOf({ reference, other }: Pair, seed: number): Promise<ComparedPair> {
  const outDir = mkdtempSync(join(tmpdir(), 'zerodrop-bench-'));
  const arm = (environment: Environment): object => ({ target: { environment } });
  const source: ScenarioSource = {
    name: 'comparison',
    target: { command: [process.execPath, 'racy.mjs'], working_dir: SERVERS, healthcheck: { path: '/healthz' } },
    restart: { strategy: 'signal-handoff', count: RESTARTS, quiet: '200ms' },
    traffic: { arrivals: { fresh: { rate: '100/s', connection: 'new', path: '/' } } },
    controls: { positive: false, negative: 0 },
    arms: { reference: arm(reference), other: arm(other) },
  };
  const { result } = await run(scenarioOf(source), { outDir, seed });
  rmSync(outDir, { recursive: true });
  const [found] = result.comparison?.pairs ?? [];
  if (found === undefined) throw new Error('the run compared nothing');
  return found;
}

/** A measure in which the other arm was called different. */
interface Called {
  measure: Measure;
  outcome: 'worse' | 'better';
}

function calledIn({ measures }: ComparedPair): Called[] {
  return measures.flatMap(({ measure, outcome }) =>
    outcome === 'worse' || outcome === 'better' ? [{ measure, outcome }] : [],
  );
}

function isByDesign({ worseIn }: Pair, { measure, outcome }: Called): boolean {
  return outcome === 'worse' && worseIn.includes(measure);
}

function rowOf(pair: Pair, comparisons: readonly ComparedPair[]): string[] {
  const called = comparisons.map(calledIn);
  const found = called.filter((some) => some.some((what) => isByDesign(pair, what))).length;
  const wrong = called.filter((some) => some.some((what) => !isByDesign(pair, what))).length;
  const all = called.flat().map(({ measure, outcome }) => `${MEASURE_WORDS[measure]} ${outcome}`);
  const counts = [...new Set(all)].map((what) => `${what} ${all.filter((one) => one === what).length}`);
  return [
    pair.name,
    pair.worseIn.map((measure) => MEASURE_WORDS[measure]).join(', ') || 'nothing',
    pair.worseIn.length === 0 ? '' : countText(found, called.length),
    countText(wrong, called.length),
    counts.join(', ') || 'nothing',
  ];
}

function countText(count: number, of: number): string {
  return `${count} of ${of} (${rangeText(count, of)})`;
}

/** The exact interval of a rate. */
function rangeText(count: number, of: number): string {
  const { low, high } = shareOf(count, of);
  return `${fixed((low ?? 0) * 100)} to ${fixed((high ?? 1) * 100)} %`;
}
