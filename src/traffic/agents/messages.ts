/**
 * What an agent may say to its owner, as a schema.
 *
 * Rule: what comes from another process is unknown until it was checked here; events of the log are checked by their
 * own schema.
 */
import { z } from 'zod';
import { SentinelProblem, type FromAgent } from '../../model/plan.ts';

const count = z.int().nonnegative();

export const AgentMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pong'), id: z.int(), agentMs: z.number() }),
  z.object({ kind: z.literal('planned') }),
  z.object({ kind: z.literal('armed'), restart: z.int(), problems: z.array(SentinelProblem) }),
  z.object({ kind: z.literal('disarmed'), restart: z.int() }),
  z.object({ kind: z.literal('progress'), answered: count, lost: count, raced: count, other: count }),
  z.object({ kind: z.literal('log'), event: z.looseObject({ kind: z.string() }) }),
  z.object({ kind: z.literal('done') }),
]) satisfies z.ZodType<FromAgent>;
export type AgentMessage = z.output<typeof AgentMessage>;
