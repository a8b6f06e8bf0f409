/**
 * Runs the scenarios of the gallery and tells each as it ends.
 *
 * Rule: everything is built before anything is measured. Scenarios run side by side as far as the cores carry their
 * measured needs; then, one after another and alone, those that ask for it and those that the machine was too busy to
 * judge. A run is repeated once, and only when its findings say that the machine could not measure: never because of
 * what was lost.
 */
import { resolve } from 'node:path';
import { buildTarget } from '../../src/targets/build.ts';
import { missingPrograms } from '../../src/run/programs.ts';
import { ZerodropError } from '../../src/errors.ts';
import { attemptOf } from './attempt.ts';
import type { Entry } from './entries.ts';
import { wantsService } from './fixtures.ts';
import { metText } from './met.ts';
import { isForNothing, noiseIn, shownOf, type Shown } from './row.ts';
import { sideBySide, type Need } from './side-by-side.ts';
import { needIn, needOf, type Weights } from './weights.ts';

export interface GalleryOptions {
  outDir: string;
  /** How many cores the scenarios that run at the same time may need together. */
  cores: number;
  weights: Weights;
  /** Called with what each scenario needed, to weigh them. */
  weighed?: (entry: Entry, need: Need) => void;
  /** Longest time of one scenario. */
  budgetMs: number;
  /** Whether a missing program is a surprise. */
  strict: boolean;
  signal: AbortSignal;
  tell: (shown: Shown) => void;
}

const MOST_ATTEMPTS = 2;

/** All scenarios, run or left out, in the order of `entries`. Those that an interrupt kept from running are missing. */
export async function galleryOf(entries: readonly Entry[], options: GalleryOptions): Promise<Shown[]> {
  const { cores, weights, weighed, signal, tell } = options;
  const shown = new Map<Entry, Shown>();
  const end = (entry: Entry, what: Shown): void => {
    shown.set(entry, what);
    tell(what);
  };
  const noises = new Map<Entry, string[]>();
  const waiting: Entry[] = [];
  const isInterrupted = (): boolean => signal.aborted;
  const run = async (entry: Entry): Promise<void> => {
    if (isInterrupted()) return;
    const attempt = await attemptOf(entry, { ...options, weigh: weighed !== undefined });
    if (isInterrupted()) return;
    const need = needIn(attempt);
    if (need !== undefined) weighed?.(entry, need);
    const noise = noises.get(entry) ?? [];
    if (!isForNothing(attempt)) return end(entry, shownOf(attempt, noise));
    noises.set(entry, [...noise, `${noiseIn(attempt).join(', ')}; ${metText(attempt.met)}`]);
    if (noise.length + 1 < MOST_ATTEMPTS) waiting.push(entry);
    else end(entry, shownOf(attempt, noises.get(entry)));
  };

  const runnable = entries.filter((entry) => {
    const left = leftOut(entry, options.strict);
    if (left !== undefined) end(entry, left);
    return left === undefined;
  });
  await build(runnable, signal);
  waiting.push(...runnable.filter(({ alone }) => alone));
  await sideBySide(
    runnable.filter(({ alone }) => !alone),
    (entry) => needOf(entry, weights),
    cores,
    run,
  );
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) await run(entry);
  return entries.flatMap((entry) => shown.get(entry) ?? []);
}

/**
 * A scenario that cannot be run here; undefined when it can. What attaches to a service is to copy from, and is never
 * missed.
 */
export function leftOut(entry: Entry, strict: boolean): Shown | undefined {
  const nothing = { name: entry.name, noise: [], tookMs: 0, arms: [] };
  if (wantsService(entry)) {
    return { ...nothing, state: 'skipped', reasons: ['it attaches to a service that must run already'] };
  }
  const missing = missingPrograms(entry.scenario);
  if (missing.length === 0) return undefined;
  return {
    ...nothing,
    state: strict ? 'surprise' : 'skipped',
    reasons: [`it needs ${missing.join(' and ')}, which is not on PATH`],
  };
}

/**
 * Builds every target once before anything is measured, so that no compiler runs beside a measurement. A build that
 * fails is told by its scenario.
 */
async function build(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
  const built = new Set<string>();
  for (const { target } of entries.flatMap(({ scenario }) => scenario.arms)) {
    const key = JSON.stringify([resolve(target.working_dir), target.build, target.environment]);
    if (target.build === undefined || built.has(key) || signal.aborted) continue;
    built.add(key);
    await buildTarget(target, {}, signal).catch((error: unknown) => {
      if (!(error instanceof ZerodropError)) throw error;
    });
  }
}
