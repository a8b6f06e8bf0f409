/**
 * How and how often a target is restarted: the `restart` part of a scenario.
 *
 * Rule: as in scenario.ts, field names are a contract; what only one strategy reads says so in its description.
 */
import { z } from 'zod';
import { Scalar } from './field.ts';
import { BlueGreen, Canary } from './fleet.ts';
import { WORKLOAD_ACTIONS } from './kubernetes.ts';
import { Rolling } from './rolling.ts';
import { Command, SignalName, StepSource } from './step.ts';
import { Duration, Percent } from './units.ts';

/** How and how often the target is restarted. */
export const Restart = z.strictObject({
  strategy: z
    .union([z.string().min(1), z.array(StepSource).min(1)], { error: 'the name of a strategy, or a list of steps' })
    .meta({ description: 'The name of a strategy (zerodrop strategies lists them), or an explicit list of steps' }),
  count: z.int().min(1).max(10_000).default(20).meta({ description: 'Number of restarts' }),
  until: z
    .strictObject({
      confidence: Percent.refine((share) => share < 1, {
        error: 'less than 100%: no number of restarts makes it certain',
      })
        .default(0.95)
        .meta({ description: 'How sure to be' }),
      dirty_restarts_below: Percent.refine((share) => share >= 0.001, {
        error: 'at least 0.1%, which takes some 3,000 restarts',
      }).meta({ description: 'The share of restarts that may lose requests, at most' }),
    })
    .optional()
    .meta({ description: 'In place of count: as many restarts as it takes, all clean, to be so sure' }),
  quiet: Duration.default(1000).meta({ description: 'Undisturbed time before and after each restart' }),
  timeout: Duration.default(60_000).meta({ description: 'Limit of one whole restart' }),
  signal: SignalName.optional().meta({
    description: 'The signal that asks the target to restart, where the strategy sends one',
  }),
  order: z.enum(['stop-first', 'start-first']).optional().meta({ description: 'socket-activation: what comes first' }),
  command: Command.optional().meta({ description: 'strategy command: what restarts the target' }),
  environment: z.record(z.string(), Scalar).optional().meta({
    description:
      'fleet: over target.environment for the instances that a restart starts: what makes the new version another one',
  }),
  rolling: Rolling.optional().meta({ description: 'strategy rolling, in the words of a Kubernetes Deployment' }),
  blue_green: BlueGreen.optional().meta({ description: 'strategy blue-green' }),
  canary: Canary.optional().meta({ description: 'strategy canary' }),
  unit: z.string().min(1).optional().meta({ description: 'systemd: the unit, such as app.service' }),
  action: z
    .enum(['restart', 'reload', ...WORKLOAD_ACTIONS])
    .optional()
    .meta({
      description:
        'systemd: the verb for systemctl: restart (default) or reload; kubernetes: how the workload is ' +
        'restarted: rollout-restart (default), delete-pod or scale (down and up again)',
    }),
  replicas: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'kubernetes, action scale: how many pods are left meanwhile; default: half of them' }),
  user: z.boolean().optional().meta({ description: 'systemd: a unit of the user (systemctl --user)' }),
  program: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'supervisor: the program, as supervisorctl status shows it' }),
  config: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'supervisor: the configuration file, for supervisorctl -c' }),
});
export type Restart = z.output<typeof Restart>;
