/**
 * The objects of the API, as far as they are read here.
 *
 * Rule: data from outside is unknown until it has passed one of these; what is not read is not asked for.
 */
import { z } from 'zod';

const Owner = z.looseObject({ uid: z.string(), controller: z.boolean().optional() });
const Metadata = z.looseObject({
  name: z.string(),
  uid: z.string(),
  generation: z.int().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().optional(),
  ownerReferences: z.array(Owner).optional(),
});
const Condition = z.looseObject({ type: z.string(), status: z.string(), reason: z.string().optional() });

const Selector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});

/** A Deployment, StatefulSet or DaemonSet. */
export const Workload = z.looseObject({
  metadata: Metadata,
  spec: z.looseObject({
    replicas: z.int().optional(),
    paused: z.boolean().optional(),
    selector: Selector,
    updateStrategy: z
      .looseObject({
        type: z.string().optional(),
        rollingUpdate: z.looseObject({ partition: z.int().optional() }).optional(),
      })
      .optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      replicas: z.int().optional(),
      updatedReplicas: z.int().optional(),
      readyReplicas: z.int().optional(),
      availableReplicas: z.int().optional(),
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      desiredNumberScheduled: z.int().optional(),
      updatedNumberScheduled: z.int().optional(),
      numberAvailable: z.int().optional(),
      conditions: z.array(Condition).optional(),
    })
    .default({}),
});
export type Workload = z.output<typeof Workload>;

export const ReplicaSet = z.looseObject({ metadata: Metadata });
export type ReplicaSet = z.output<typeof ReplicaSet>;

const Terminated = z.looseObject({ exitCode: z.int(), reason: z.string().optional() });
const ContainerStatus = z.looseObject({
  name: z.string(),
  state: z
    .looseObject({
      waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
      terminated: Terminated.optional(),
    })
    .optional(),
});

export const Pod = z.looseObject({
  metadata: Metadata,
  status: z
    .looseObject({
      phase: z.string().optional(),
      conditions: z.array(Condition).optional(),
      containerStatuses: z.array(ContainerStatus).optional(),
    })
    .default({}),
});
export type Pod = z.output<typeof Pod>;

/** The selector as a query takes it. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: z.output<typeof Selector>): string {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
      }
    }),
  ].join(',');
}
