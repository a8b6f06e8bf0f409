/**
 * What a scenario is known to end in: its verdict, and what must be found or met.
 *
 * Rule: a verdict alone is written as one word; the map is for those who say more.
 */
import { z } from 'zod';
import { FindingCode } from './finding.ts';
import { OUTCOMES } from './outcome.ts';

/** The verdicts. fail beats inconclusive beats pass. */
export const VERDICTS = ['pass', 'inconclusive', 'fail'] as const;
export type Verdict = (typeof VERDICTS)[number];

const VerdictName = z.enum(VERDICTS);
const KnownEnd = z.strictObject({
  verdict: VerdictName.meta({ description: 'The verdict that is known to be right' }),
  findings: z
    .array(FindingCode)
    .default([])
    .meta({ description: 'Codes of findings that must be among those of the arm' }),
  outcomes: z
    .array(z.enum(OUTCOMES))
    .default([])
    .meta({ description: 'Outcomes of which each must be met at least once, by a request or a sentinel of the arm' }),
});
export type KnownEnd = z.output<typeof KnownEnd>;

/** A verdict, or a map with more to say. */
export const Expect = z
  .codec(z.union([VerdictName, KnownEnd]), KnownEnd, {
    decode: (entry) => (typeof entry === 'string' ? { verdict: entry } : entry),
    encode: (end) =>
      (end.findings ?? []).length + (end.outcomes ?? []).length === 0 ? end.verdict : (end as KnownEnd),
  })
  .meta({ description: 'What the scenario is known to end in: a verdict, or a map; --expect holds the run to it' });
