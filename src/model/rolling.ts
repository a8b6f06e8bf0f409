/**
 * The limits of a rolling update, in the words of a Deployment.
 *
 * Rule: resolved as Kubernetes does: what may be too many is rounded up, what may be missing down.
 */
import { z } from 'zod';

const Seconds = z.number().min(0);
/** A number of instances, or a percentage of the replicas. */
export const IntOrPercent = z.union([
  z.int().min(0),
  z.string().regex(/^\d+%$/, { error: 'a percentage such as 25%' }),
]);
export type IntOrPercent = z.output<typeof IntOrPercent>;

/** How a rolling update goes on, as in the spec of a Deployment. */
export const Rolling = z.strictObject({
  maxSurge: IntOrPercent.default('25%').meta({
    description: 'Instances beyond replicas while it lasts; a percentage is rounded up',
  }),
  maxUnavailable: IntOrPercent.default('25%').meta({
    description: 'Instances that may be missing while it lasts; a percentage is rounded down',
  }),
  minReadySeconds: Seconds.default(0).meta({
    description: 'How long a new instance must have been ready to count as available',
  }),
  progressDeadlineSeconds: Seconds.min(0.1)
    .default(600)
    .meta({
      description:
        'Longest time without progress, while new instances that exit on their own are started again; ' +
        'restart.timeout is a limit, too',
    }),
});
export type Rolling = z.output<typeof Rolling>;

/** How many instances a number or percentage means. */
function instancesOf(value: IntOrPercent, replicas: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * replicas) / 100);
}

/**
 * The limits of a rolling update in instances, as Kubernetes resolves them: both 0 would never begin, so one may then
 * be missing.
 */
export function rollingLimitsOf(
  { maxSurge, maxUnavailable }: Pick<Rolling, 'maxSurge' | 'maxUnavailable'>,
  replicas: number,
): { surge: number; unavailable: number } {
  const surge = instancesOf(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(replicas, instancesOf(maxUnavailable, replicas, Math.floor));
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
