/**
 * The limits of a scenario: what is still a pass.
 *
 * Rule: field names are a contract. Counts are totals over all restarts of an arm; a limit that is left out has its
 * default or, where it has none, is not judged.
 */
import { z } from 'zod';
import { Duration } from './units.ts';

/** The longest wait that is still a pass where the scenario says nothing and clients would wait as long, ms. */
export const SLOWEST_MS = 3000;

/** The percentiles that may have a limit, as in k6: `p99` is `p(99)`. */
export const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
export type PercentileName = keyof typeof PERCENTILES;

const Windows = z.strictObject({
  quiet: Duration.optional().meta({ description: 'Limit while nothing restarts' }),
  restart: Duration.optional().meta({ description: 'Limit in the windows of restarts' }),
});

/** One limit for both, or one for each, ms. */
const WindowLimits = z.object({ quiet: z.number().optional(), restart: z.number().optional() });

const PercentileLimit = z.codec(z.union([Duration, Windows]), WindowLimits, {
  decode: (limit) => (typeof limit === 'number' ? { quiet: limit, restart: limit } : limit),
  encode: (limits) => limits,
});

const percentile = (text: string): z.ZodOptional<typeof PercentileLimit> =>
  PercentileLimit.optional().meta({
    description:
      `Limit of the ${text} of the latency, such as 300ms (quiet time and restarts alike) ` +
      'or {quiet: 50ms, restart: 300ms}',
  });

export const Thresholds = z.strictObject({
  lost: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Requests that were refused, reset, closed, truncated or timed out' }),
  raced: z.int().min(0).default(0).meta({ description: 'Requests that met the keep-alive race' }),
  rejected: z.int().min(0).default(0).meta({ description: 'Answers 503 and 429' }),
  failed: z.int().min(0).default(0).meta({ description: 'Answers with another unexpected status, or a wrong body' }),
  spikes: z
    .strictObject({
      over: Duration.optional().meta({
        description: 'Slower than this is a spike; default: learnt from the quiet time of the same run',
      }),
      max: z.int().min(0).default(0).meta({ description: 'How many of them are still a pass' }),
    })
    .optional()
    .meta({ description: 'Answers slower than a limit, in the restart windows' }),
  gap: Duration.optional().meta({ description: 'Longest time without an answer to a fresh arrival' }),
  slowest: Duration.optional().meta({
    description:
      'Longest time that a client may wait for an answer in the restart windows; default: 3s, or the timeout of ' +
      'the client if that is shorter, and for a slow path what it takes in quiet time',
  }),
  p50: percentile('median'),
  p90: percentile('90th percentile'),
  p95: percentile('95th percentile'),
  p99: percentile('99th percentile'),
  p999: percentile('99.9th percentile'),
  not_done: z.int().min(0).default(0).meta({
    description: 'Restarts that may be not done or rolled back, as long as what served before is seen to serve on',
  }),
});
export type Thresholds = z.output<typeof Thresholds>;
