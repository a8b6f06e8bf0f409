/**
 * The benchmark: `npm run bench -- [section...] [--full] [options]`. It measures what the README claims, side by side
 * with other tools.
 *
 * Rule: numbers are made here and nowhere else; each section replaces its own part of FIGURES.md. Without --full it
 * takes minutes and its numbers are a rough guide. It needs a quiet machine; the load that it met is written beside the
 * numbers.
 */
import { parseArgs } from 'node:util';
import { writeFigures, type Figures } from './figures.ts';
import { agents } from './sections/agents.ts';
import { comparison } from './sections/comparison.ts';
import { cost } from './sections/cost.ts';
import { detection } from './sections/detection.ts';
import { endurance } from './sections/endurance.ts';
import { exactness } from './sections/exactness.ts';
import { falseAlarms } from './sections/false-alarms.ts';
import { punctuality } from './sections/punctuality.ts';
import { stall } from './sections/stall.ts';

export interface BenchOptions {
  /** Requests of exactness and cost. */
  requests: number;
  /** Faults of each kind, in exactness. */
  faults: number;
  ratePerSecond: number;
  /** Length of a measurement, s. */
  seconds: number;
  /** Most restarts, in detection and false-alarms. */
  restarts: number;
  /** Stalls of each length, in stall. */
  stalls: number;
  minutes: number;
  /** Runs of each pair of arms, in comparison. */
  repetitions: number;
}

const SECTIONS: Readonly<Record<string, (options: BenchOptions) => Promise<Figures>>> = {
  exactness,
  detection,
  cost,
  punctuality,
  agents,
  stall,
  'false-alarms': falseAlarms,
  comparison,
  endurance,
};

const SMALL: BenchOptions = {
  requests: 50_000,
  faults: 200,
  ratePerSecond: 5000,
  seconds: 8,
  restarts: 10,
  stalls: 10,
  minutes: 1,
  repetitions: 4,
};
const FULL: BenchOptions = {
  requests: 1_000_000,
  faults: 10_000,
  ratePerSecond: 5000,
  seconds: 30,
  restarts: 200,
  stalls: 20,
  minutes: 10,
  repetitions: 20,
};

const number = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    requests: number,
    faults: number,
    rate: number,
    seconds: number,
    restarts: number,
    stalls: number,
    minutes: number,
    repetitions: number,
  },
});
const base = values.full ? FULL : SMALL;
const given = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));
const options: BenchOptions = {
  requests: given(values.requests, base.requests),
  faults: given(values.faults, base.faults),
  ratePerSecond: given(values.rate, base.ratePerSecond),
  seconds: given(values.seconds, base.seconds),
  restarts: given(values.restarts, base.restarts),
  stalls: given(values.stalls, base.stalls),
  minutes: given(values.minutes, base.minutes),
  repetitions: given(values.repetitions, base.repetitions),
};
const wrong = [
  ...Object.entries(options).flatMap(([name, value]) => (value > 0 ? [] : [`--${name} is not a number above 0`])),
  ...positionals.flatMap((name) => (name in SECTIONS ? [] : [`there is no section ${name}`])),
];
if (wrong.length > 0) {
  console.error(`${wrong.join('; ')}. Sections: ${Object.keys(SECTIONS).join(', ')}.`);
  process.exit(64);
}
const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
for (const [name, section] of Object.entries(SECTIONS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`\n## ${name}`);
  console.log(writeFigures(name, command, await section(options)));
}
