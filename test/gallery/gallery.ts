/**
 * Runs the scenarios of the gallery and tells each as it ends.
 *
 * Rule: what may run beside others runs in lanes; then, one after another and alone, what asks for that and what the
 * machine was too busy to judge. A run is only repeated when its findings say that the machine could not measure: never
 * because of what was lost.
 */
import { resolve } from 'node:path';
import { buildTarget } from '../../src/targets/build.ts';
import { missingPrograms } from '../../src/run/programs.ts';
import { ZerodropError } from '../../src/errors.ts';
import { attemptOf } from './attempt.ts';
import type { Entry } from './entries.ts';
import { wantsService } from './fixtures.ts';
import { isForNothing, shownOf, type Shown } from './row.ts';

export interface GalleryOptions {
  outDir: string;
  /** How many scenarios may run at the same time. */
  lanes: number;
  /** Longest time of one scenario. */
  budgetMs: number;
  /** Whether a missing program is a surprise. */
  strict: boolean;
  signal: AbortSignal;
  tell: (shown: Shown) => void;
}

const MOST_ATTEMPTS = 3;

/** All scenarios, run or left out, in the order of `entries`. Those that an interrupt kept from running are missing. */
export async function galleryOf(entries: readonly Entry[], options: GalleryOptions): Promise<Shown[]> {
  const { lanes, signal, tell } = options;
  const shown = new Map<Entry, Shown>();
  const end = (entry: Entry, what: Shown): void => {
    shown.set(entry, what);
    tell(what);
  };
  const attempts = new Map<Entry, number>();
  const waiting: Entry[] = [];
  const isInterrupted = (): boolean => signal.aborted;
  const run = async (entry: Entry): Promise<void> => {
    if (isInterrupted()) return;
    const attempt = await attemptOf(entry, options);
    const count = (attempts.get(entry) ?? 0) + 1;
    attempts.set(entry, count);
    if (isInterrupted()) return;
    if (count < MOST_ATTEMPTS && isForNothing(attempt)) waiting.push(entry);
    else end(entry, shownOf(attempt, count));
  };

  const runnable = entries.filter((entry) => {
    const left = leftOut(entry, options.strict);
    if (left !== undefined) end(entry, left);
    return left === undefined;
  });
  await build(runnable, signal);
  waiting.push(...runnable.filter(({ alone }) => alone));
  await inLanes(
    runnable.filter(({ alone }) => !alone),
    lanes,
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
  const nothing = { name: entry.name, attempts: 0, tookMs: 0, arms: [] };
  if (wantsService(entry)) {
    return { ...nothing, state: 'skipped', reasons: ['it attaches to a service that must run already'] };
  }
  const missing = missingPrograms(entry.scenario);
  if (missing.length === 0) return undefined;
  return {
    ...nothing,
    state: strict ? 'surprise' : 'skipped',
    reasons: [`it needs ${missing.join(' and ')}, not found in PATH`],
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

async function inLanes<T>(items: readonly T[], lanes: number, act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const lane = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
