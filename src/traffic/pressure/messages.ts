/**
 * The messages between the pressure and its owner.
 *
 * Rule: one load, one report.
 */
import { z } from 'zod';

export const Load = z.object({
  origin: z.string(),
  path: z.string(),
  connections: z.int().positive(),
  pipelining: z.int().positive(),
});
export type Load = z.output<typeof Load>;

export const Report = z.object({ requests: z.int().nonnegative(), errors: z.int().nonnegative() });
export type Report = z.output<typeof Report>;
