/**
 * Durations, rates and percentages as people write them in a scenario, and as the code counts them.
 *
 * Rule: inside the program a duration is a number of milliseconds, a rate a number per second, a share a number
 * from 0 to 1. Text exists only at the edge; each codec goes both ways, so that a scenario can be written out again.
 */
import { z } from 'zod';

const MS_PER_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/;
const RATE = /^(\d+(?:\.\d+)?)\s*\/\s*(s|sec|second|m|min|minute)$/;
const PERCENT = /^(\d+(?:\.\d+)?)\s*%$/;

/** What a duration, a rate and a share should have been, as an error says it. */
export const DURATION_WANTED = 'a duration with its unit, such as 250ms';
export const RATE_WANTED = 'a rate above zero, such as 500/s';
export const PERCENT_WANTED = 'a percentage from 0% to 100%';

/** Milliseconds in a duration such as `250ms`, `1.5s` or `1m30s`; undefined when the text is not one. */
export function durationMs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)) {
    totalMs += Number(count) * (MS_PER_UNIT[unit as string] as number);
  }
  return Number(totalMs.toPrecision(15));
}

/** A duration in milliseconds as the shortest text that reads back as the same number. */
export function durationText(ms: number): string {
  if (ms >= 1000 && ms % 100 === 0) return `${ms / 1000}s`;
  return ms === 0 || ms >= 1 ? `${ms}ms` : `${Number((ms * 1000).toPrecision(12))}us`;
}

/** Requests per second in a rate such as `500/s` or `30000/min`; undefined when the text is not one. */
export function ratePerSecond(text: string): number | undefined {
  const match = RATE.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) / ((match[2] as string).startsWith('m') ? 60 : 1);
}

/** A duration in a scenario: text such as `250ms` outside, milliseconds inside. */
export const Duration = z
  .codec(z.string({ error: DURATION_WANTED }).regex(DURATION, { error: DURATION_WANTED }), z.number().nonnegative(), {
    decode: (text) => durationMs(text) ?? 0,
    encode: durationText,
  })
  .meta({
    title: 'duration',
    description: 'A duration with its unit: us, ms, s, m, h',
    examples: ['250ms', '2s', '1m30s'],
  });

/** A rate in a scenario: text such as `500/s` outside, requests per second inside. */
export const Rate = z
  .codec(
    z
      .string({ error: RATE_WANTED })
      .regex(RATE, { error: RATE_WANTED })
      .refine((text) => ratePerSecond(text) !== 0, { error: RATE_WANTED }),
    z.number().positive(),
    { decode: (text) => ratePerSecond(text) ?? 0, encode: (rate) => `${rate}/s` },
  )
  .meta({ title: 'rate', description: 'A rate: a count per second or per minute', examples: ['500/s', '3000/min'] });

/** A share in a scenario: text such as `95%` outside, a number from 0 to 1 inside. */
export const Percent = z
  .codec(
    z
      .string({ error: PERCENT_WANTED })
      .regex(PERCENT, { error: PERCENT_WANTED })
      .refine((text) => !(Number.parseFloat(text) > 100), { error: PERCENT_WANTED }),
    z.number().min(0).max(1),
    { decode: (text) => Number.parseFloat(text) / 100, encode: (share) => `${Number((share * 100).toPrecision(12))}%` },
  )
  .meta({ title: 'percentage', description: 'A percentage', examples: ['95%'] });
