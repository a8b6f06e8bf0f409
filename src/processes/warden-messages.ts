/** What an owner says to its warden, see warden.ts. */
import { z } from 'zod';
import type { Claim } from './ours.ts';

const ProcessId = z.object({ pid: z.int(), startTicks: z.number() });

const Claimed: z.ZodType<Claim> = z.object({
  token: z.string().optional(),
  groups: z.array(z.object({ id: z.int(), seenTicks: z.number().nullable() })),
  endpoint: z.object({ addresses: z.array(z.string()), port: z.int() }).optional(),
  attached: z.boolean().optional(),
  pidFile: z.string().optional(),
  sinceTicks: z.number(),
  known: z.array(ProcessId).optional(),
});

export const ToWarden = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('guard'), of: z.string(), claim: Claimed }),
  z.object({ kind: z.literal('guard-folder'), folder: z.string() }),
  z.object({ kind: z.literal('frozen'), processes: z.array(ProcessId) }),
  z.object({ kind: z.literal('farewell') }),
]);
export type ToWarden = z.output<typeof ToWarden>;
