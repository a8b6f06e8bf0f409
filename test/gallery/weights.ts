/**
 * How many cores each scenario needs, and how long: measured by `npm run gallery -- --weigh`, kept in weights.json.
 *
 * Rule: nothing in weights.json is written by hand. A scenario that is not in it gets a need that is high for its kind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Scenario } from '../../src/model/scenario.ts';
import type { Attempt } from './attempt.ts';
import type { Entry } from './entries.ts';
import type { Need } from './side-by-side.ts';

export type Weights = ReadonlyMap<string, Need>;

const FILE = fileURLToPath(new URL('weights.json', import.meta.url));
const Weights = z.record(z.string(), z.strictObject({ cores: z.number().positive(), seconds: z.number().positive() }));

export function readWeights(): Weights {
  return new Map(Object.entries(Weights.parse(JSON.parse(readFileSync(FILE, 'utf8')))));
}

/** Writes the weights of those that were run, beside the older ones of scenarios that still exist. */
export function writeWeights(measured: Weights, names: readonly string[]): void {
  const known = [...new Map([...readWeights(), ...measured])].filter(([name]) => names.includes(name));
  const lines = known
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { cores, seconds }]) => `  ${JSON.stringify(name)}: { "cores": ${cores}, "seconds": ${seconds} }`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}

/** A run that waits for a core more than this share of the time takes longer, and would look lighter than it is. */
const MOST_WAITING = 0.6;

/** What an attempt needed; undefined where that could not be measured. */
export function needIn({
  cpuSeconds,
  tookMs,
  met: { waitingShare = 0 },
}: Pick<Attempt, 'cpuSeconds' | 'tookMs' | 'met'>): Need | undefined {
  if (cpuSeconds === undefined || waitingShare > MOST_WAITING) return undefined;
  const round = (value: number): number => Math.max(0.01, Math.round(value * 100) / 100);
  return { cores: round(cpuSeconds / (tookMs / 1000)), seconds: round(tookMs / 1000) };
}

export function needOf({ name, scenario }: Pick<Entry, 'name' | 'scenario'>, weights: Weights): Need {
  return weights.get(name) ?? cautiousNeedOf(scenario);
}

/** The need of a scenario that was never weighed: each arm lasts as long as a long one. */
function cautiousNeedOf({ arms }: Scenario): Need {
  return { cores: Math.max(...arms.map(cautiousCoresOf)), seconds: 25 * arms.length };
}

/**
 * Two fleets were weighed with 9 and 10 CPU-seconds in some 14 s. A fleet starts one Node process after another, and a
 * step that fails makes a target start again and again.
 */
function cautiousCoresOf({ fleet, expect }: Scenario['arms'][number]): number {
  const crashes = expect.findings.some((code) => code === 'step-failed' || code === 'target-died');
  return 0.5 + (fleet === undefined ? 0 : 0.2) + (crashes ? 0.2 : 0);
}
