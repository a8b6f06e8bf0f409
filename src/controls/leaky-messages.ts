/**
 * The messages between the leaky server's process and its owner.
 *
 * Rule: every message of the owner is answered by one of the same kind.
 */
import { z } from 'zod';
import { OUTCOMES } from '../model/outcome.ts';
import { LeakPlan } from './leaks.ts';

export const ToLeaky = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), plan: LeakPlan }),
  z.object({ kind: z.literal('tally') }),
]);
export type ToLeaky = z.output<typeof ToLeaky>;

export const FromLeaky = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), port: z.int(), ca: z.string().optional() }),
  z.object({ kind: z.literal('tally'), tally: z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative()) }),
]);
export type FromLeaky = z.output<typeof FromLeaky>;
