/**
 * What the command line overrides in a scenario, as a partial scenario source.
 *
 * Rule: pure; values are checked by the scenario's schema like everything else, only names and shapes are checked here.
 */
import { ZerodropError } from '../errors.ts';

export interface OverrideOptions {
  strategy?: string | undefined;
  restarts?: number | undefined;
  thresholds?: readonly string[] | undefined;
  controls?: boolean | undefined;
}

type Source = Record<string, unknown>;

/**
 * Options such as `-n 5 --threshold spikes.max=3` as `{restart: {count: 5}, thresholds: {spikes: {max: 3}}}`. Throws
 * ZerodropError `bad-arguments`.
 */
export function overridesOf(options: OverrideOptions): Source {
  const restart: Source = {};
  if (options.strategy !== undefined) restart['strategy'] = options.strategy;
  if (options.restarts !== undefined) {
    restart['count'] = options.restarts;
    restart['until'] = null;
  }
  const thresholds: Source = {};
  for (const text of options.thresholds ?? []) setThreshold(thresholds, text);
  return {
    ...(Object.keys(restart).length === 0 ? {} : { restart }),
    ...(Object.keys(thresholds).length === 0 ? {} : { thresholds }),
    ...(options.controls === false ? { controls: { positive: false, negative: 0 } } : {}),
  };
}

function setThreshold(thresholds: Source, text: string): void {
  const match = /^([\w.-]+)=(.+)$/.exec(text);
  if (match === null) {
    throw new ZerodropError(
      'bad-arguments',
      `--threshold ${text} is not name=value`,
      'Write it as --threshold lost=0, --threshold gap=100ms or --threshold spikes.max=3.',
    );
  }
  const path = (match[1] as string).split('.');
  const value = match[2] as string;
  let place = thresholds;
  for (const key of path.slice(0, -1)) place = (place[key] ??= {}) as Source;
  place[path.at(-1) as string] = /^\d+$/.test(value) ? Number(value) : value;
}
