/**
 * A workload of Kubernetes as a target, and the ways to restart it.
 *
 * Rule: what Kubernetes and kubectl have a name for is named and meant as there.
 */
import { z } from 'zod';

export const WORKLOAD_KINDS = ['deployment', 'statefulset', 'daemonset'] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

const LABEL = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;
const isWorkload = (text: string): boolean => {
  const [kind, name, ...rest] = text.split('/');
  return rest.length === 0 && WORKLOAD_KINDS.some((known) => known === kind) && LABEL.test(name ?? '');
};

/** Where a workload is. */
export const Kubernetes = z.strictObject({
  workload: z
    .string()
    .refine(isWorkload, { error: 'deployment/NAME, statefulset/NAME or daemonset/NAME' })
    .meta({ description: 'Kind and name: deployment/NAME, statefulset/NAME or daemonset/NAME' }),
  namespace: z
    .string()
    .regex(LABEL, { error: 'the name of a namespace' })
    .optional()
    .meta({ description: 'Its namespace; default: that of the context' }),
  context: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Context of the configuration of kubectl; default: the current one' }),
});
export type Kubernetes = z.output<typeof Kubernetes>;

/** The workload that `target.kubernetes.workload` names. */
export function workloadOf({ workload }: Kubernetes): { kind: WorkloadKind; name: string } {
  const [kind, name] = workload.split('/') as [WorkloadKind, string];
  return { kind, name };
}

export const WORKLOAD_ACTIONS = ['rollout-restart', 'delete-pod', 'scale'] as const;

/** One way to restart a workload. */
export type WorkloadAction =
  | { kind: 'rollout-restart' }
  | { kind: 'delete-pod' }
  /** Down, and up again to as many as there were. `replicas`: how far down; undefined: half of them. */
  | { kind: 'scale'; replicas?: number };
