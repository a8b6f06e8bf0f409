/**
 * Which instance of a target is meant.
 *
 * Rule: opaque to everything but its own kind of target. Two ids of one session mean the same instance exactly when
 * their keys are equal; the kind that gives them out sees to that. Others show the label, and compare nothing else.
 */
import { z } from 'zod';

export const InstanceId = z.object({
  /** The same for the same instance, another one for any other of its session. */
  key: z.string().min(1),
  /** For people, such as `pid 4711`. */
  label: z.string(),
  /** Of kinds whose instances are processes of this machine: its number. Only such a kind reads it. */
  process: z.int().optional(),
});
export type InstanceId = z.output<typeof InstanceId>;

/** Whether both mean the same instance. */
export function isSameInstance(one: InstanceId, other: InstanceId): boolean {
  return one.key === other.key;
}

/** Each instance once, in the order in which they were first named. */
export function distinctInstances(ids: readonly InstanceId[]): InstanceId[] {
  return ids.filter((id, position) => ids.findIndex((other) => isSameInstance(other, id)) === position);
}

/** Their labels in a row. */
export function labelsText(ids: readonly InstanceId[]): string {
  return ids.map(({ label }) => label).join(', ');
}
