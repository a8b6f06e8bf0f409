/**
 * The messages between the embedded front door's process and its owner.
 *
 * Rule: every message of the owner is answered by one with its `id`; what the door sends unasked has none.
 */
import { z } from 'zod';
import type { FrontOptions } from '../../../model/fleet.ts';

const id = z.int();
const count = z.int().nonnegative();

/** The options as they stand inside, in ms: the scenario's own schema reads text with units. */
const DoorOptions = z.object({
  health_check: z.object({ path: z.string(), interval: z.number(), fall: count, rise: count }).optional(),
  passive_ejection: z.object({ failures: count, for: z.number() }).optional(),
}) satisfies z.ZodType<Pick<FrontOptions, 'health_check' | 'passive_ejection'>>;

const Backend = z.object({ name: z.string(), host: z.string(), port: z.int(), weight: z.number() });

export const ToDoor = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    id,
    host: z.string(),
    port: z.int(),
    options: DoorOptions,
  }),
  /** To be acted on in the door's own time: its owner may be busy then, starting an instance. */
  z.object({ kind: z.literal('route'), id, backends: z.array(Backend), afterMs: z.number() }),
  z.object({ kind: z.literal('counts'), id }),
]);
export type ToDoor = z.output<typeof ToDoor>;

const BackendCounts = z.object({ name: z.string(), chosen: count, refused: count, open: count });

export const FromDoor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), id, problem: z.string().optional() }),
  z.object({ kind: z.literal('routed'), id }),
  z.object({ kind: z.literal('counts'), id, counts: z.array(BackendCounts) }),
  /**
   * New connections, in their order: the local port of the client, and the name of the backend that it was given to,
   * empty when there was none.
   */
  z.object({ kind: z.literal('chosen'), ports: z.array(z.int()), names: z.array(z.string()) }),
]);
export type FromDoor = z.output<typeof FromDoor>;
