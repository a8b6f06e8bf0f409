/**
 * The fields of a fleet: several instances of a target behind a front door, and the strategies that replace them.
 *
 * Rule: what Kubernetes has a name for is named and meant as there, durations in seconds as numbers included; a part of
 * a second is allowed here, so that a scenario need not last as long as a cluster.
 */
import { z } from 'zod';
import { HeaderName, Path } from './field.ts';
import { REQUEST_FIELDS } from './request.ts';
import { Command } from './step.ts';
import { Duration, Percent } from './units.ts';

const Seconds = z.number().min(0);
const Times = z.int().min(1);
/** A probe of one instance, as in a Pod. */
const Probe = z.strictObject({
  httpGet: z
    .strictObject({
      path: Path.default('/').meta({ description: 'Path that answers as expected when all is well' }),
      port: z
        .union([z.int(), z.string()])
        .optional()
        .meta({ description: 'Not used: each instance is asked on its own ${PORT}' }),
      httpHeaders: z
        .array(
          z.strictObject({
            name: HeaderName.meta({ description: 'Name of a header' }),
            value: z.string().meta({ description: 'Its value' }),
          }),
        )
        .optional()
        .meta({ description: 'Headers as a Pod writes them; headers is a map of the same' }),
      ...REQUEST_FIELDS,
    })
    .meta({ description: 'What is asked for' }),
  initialDelaySeconds: Seconds.default(0).meta({ description: 'From the start of the process to the first probe' }),
  periodSeconds: Seconds.min(0.01).default(10).meta({ description: 'Time between two probes' }),
  timeoutSeconds: Seconds.min(0.01).default(1).meta({ description: 'Longest wait for an answer' }),
  successThreshold: Times.default(1).meta({ description: 'Successes in a row after which it counts as well' }),
  failureThreshold: Times.default(3).meta({ description: 'Failures in a row after which it counts as ill' }),
});
export type Probe = z.output<typeof Probe>;

const Lifecycle = z.strictObject({
  preStop: z
    .union([
      z.strictObject({
        sleep: z
          .strictObject({ seconds: Seconds.meta({ description: 'How long to wait before the stop signal' }) })
          .meta({ description: 'A pause' }),
      }),
      z.strictObject({
        exec: z
          .strictObject({
            command: Command.meta({
              description: 'Run to its end before the stop signal; a failure is reported and changes nothing',
            }),
          })
          .meta({ description: 'A command' }),
      }),
    ])
    .optional()
    .meta({ description: 'What comes before the stop signal; its time counts against terminationGracePeriodSeconds' }),
});

export const FRONT_KINDS = ['embedded', 'haproxy', 'nginx'] as const;
const FrontKind = z.enum(FRONT_KINDS);

export const FrontOptions = z.strictObject({
  kind: FrontKind.default('embedded').meta({
    description: 'embedded: a TCP proxy of zerodrop; haproxy, nginx: HTTP proxies that must be installed',
  }),
  propagation: Duration.default(0).meta({
    description: 'From a change of who is ready, or is to end, until the front door acts on it',
  }),
  health_check: z
    .strictObject({
      path: Path.default('/').meta({ description: 'Path that answers 200 to 399 when the instance can serve' }),
      interval: Duration.default(1000).meta({ description: 'Time between two checks' }),
      fall: Times.default(3).meta({ description: 'Failures in a row after which it gets no new connections' }),
      rise: Times.default(2).meta({ description: 'Successes in a row after which it gets them again' }),
    })
    .optional()
    .meta({
      description: 'Checks of the front door itself, besides the readiness of the instances; embedded and haproxy',
    }),
  sticky: z
    .enum(['none', 'cookie'])
    .default('none')
    .meta({
      description:
        'cookie: the front door sets one that brings a visitor back to the same instance; haproxy. A TCP proxy ' +
        'such as the embedded one can only keep a connection where it is',
    }),
  passive_ejection: z
    .strictObject({
      failures: Times.default(3).meta({ description: 'Connections in a row that an instance did not take' }),
      for: Duration.default(10_000).meta({ description: 'How long it gets no new ones' }),
    })
    .optional()
    .meta({ description: 'Leave out an instance that does not take connections; embedded and nginx' }),
});
export type FrontOptions = z.output<typeof FrontOptions>;

/** Several instances of the target behind a front door. */
export const Fleet = z.strictObject({
  replicas: z.int().min(1).max(50).default(3).meta({ description: 'Number of instances' }),
  front: z
    .union([FrontKind, FrontOptions])
    .default('embedded')
    .meta({ description: 'The front door: its kind, or a map' }),
  readinessProbe: Probe.optional().meta({
    description: 'When an instance gets traffic; default: target.healthcheck at its interval',
  }),
  livenessProbe: Probe.optional().meta({ description: 'When an instance is killed and started again; default: never' }),
  lifecycle: Lifecycle.prefault({}).meta({ description: 'Hooks of an instance' }),
  terminationGracePeriodSeconds: Seconds.optional().meta({
    description:
      'From the decision to end an instance, preStop included, to SIGKILL; default: target.stop_grace_period',
  }),
});
export type Fleet = z.output<typeof Fleet>;

/** The options of a front door that may be written as its kind alone. */
export function frontOptionsOf({ front }: Fleet): FrontOptions {
  return typeof front === 'string' ? FrontOptions.parse({ kind: front }) : front;
}

export const BlueGreen = z.strictObject({
  drain: Duration.default(1000).meta({
    description: 'From the switch to the end of the old set, which is kept for a rollback meanwhile',
  }),
});

export const Canary = z.strictObject({
  weights: z.array(Percent).min(1).default([0.1, 0.5]).meta({
    description:
      'Shares of new connections that the new set gets, one after another; the last one, 100%, is added to them',
  }),
  for: Duration.default(5000).meta({ description: 'How long each weight lasts before it is judged' }),
  errors_below: Percent.default(0.05).meta({
    description: 'A step passes only when it shows, with 95% confidence, that the new set fails less than this share',
  }),
  drain: Duration.default(1000).meta({ description: 'From the last weight to the end of the old set' }),
});
export type Canary = z.output<typeof Canary>;
