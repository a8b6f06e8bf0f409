/**
 * Steps: what a strategy is made of, as written in a scenario (a map with one key) and as the runner reads it (a
 * union).
 *
 * Rule: every step that waits has a limit, in its own `within` or in `restart.timeout`.
 */
import { z } from 'zod';
import type { WorkloadAction } from './kubernetes.ts';
import { Rolling } from './rolling.ts';
import { isSignal, type Signal } from './signal.ts';
import { Duration, Percent } from './units.ts';

const withSig = (name: string): string =>
  name.toUpperCase().startsWith('SIG') ? name.toUpperCase() : `SIG${name.toUpperCase()}`;

/** What a signal should have been, as an error says it. */
export const SIGNAL_WANTED = 'the name of a signal, such as SIGTERM';

/** A signal by its name, with or without `SIG`. */
export const SignalName = z
  .codec(
    z.string({ error: SIGNAL_WANTED }).refine((name) => isSignal(withSig(name)), { error: SIGNAL_WANTED }),
    z.custom<Signal>(isSignal),
    { decode: (name) => withSig(name) as Signal, encode: (name) => name },
  )
  .meta({ title: 'signal', description: 'A signal by its name, with or without SIG', examples: ['SIGTERM', 'USR2'] });

/** A command: text that is split as a shell would (no shell started), a list of arguments, or `{shell: "..."}`. */
export const Command = z
  .union([
    z.string().min(1, { error: 'a command' }),
    z.array(z.string()).min(1, { error: 'at least the name of the program' }),
    z.strictObject({ shell: z.string().min(1).meta({ description: 'Text for /bin/sh -c' }) }),
  ])
  .meta({
    title: 'command',
    description:
      'A command: text split as a shell would (no shell is started), a list, or {shell: "..."}. ${PORT}, ' +
      '${SCRATCH} and variables of the environment are replaced.',
  });
export type Command = z.output<typeof Command>;

const Within = Duration.optional().meta({
  description: 'How long this step may take; by default what is left of restart.timeout',
});

/**
 * Which processes a step means: the instance that served when the restart began, or the one that the restart brought.
 */
const Whose = z
  .enum(['old', 'new'])
  .default('old')
  .meta({ description: 'old: the instance that served when the restart began; new: the one that it brought' });

const StartOptions = z.strictObject({
  socket: z.enum(['own', 'inherited']).default('own').meta({
    description:
      'own: the instance opens its own socket; inherited: it is given the listening socket as LISTEN_FDS says',
  }),
});
const ReadyOptions = z.strictObject({
  successes: z.int().min(1).default(1).meta({ description: 'Healthchecks that must pass in a row' }),
  within: Within,
});
const SignalOptions = z.strictObject({ name: SignalName.meta({ description: 'Which signal' }), to: Whose });
const StopOptions = z.strictObject({
  signal: SignalName.optional().meta({ description: 'Default: target.stop_signal' }),
  within: Duration.optional().meta({ description: 'Grace period before SIGKILL. Default: target.stop_grace_period' }),
  to: Whose.meta({ description: 'old: what served when the restart began; new: the set that it brought, in fleets' }),
});
const RouteOptions = z.strictObject({
  new: Percent.meta({ description: 'Share of new connections for the new set; the old one gets the rest' }),
});
const AnalyseOptions = z.strictObject({
  for: Duration.default(5000).meta({ description: 'How long to watch both sets' }),
  errors_below: Percent.default(0.05).meta({ description: 'To be shown, with 95% confidence, of the new set' }),
});
const ExitedOptions = z.strictObject({
  who: z.enum(['old', 'workers']).default('old').meta({
    description:
      'old: the process that was signalled; workers: every process that it had when the restart began, but not itself',
  }),
  within: Within,
});
const ReplacedOptions = z.strictObject({ within: Within });
const RecycledOptions = z.strictObject({ within: Within });
const RunOptions = z.strictObject({ command: Command.meta({ description: 'What to run' }), within: Within });

const orNothing = <T extends z.ZodType>(options: T): z.ZodUnion<[z.ZodNull, T]> => z.union([z.null(), options]);

/** The steps that take no options may be written as a bare word. */
const BareStep = z.enum(['start', 'ready', 'stop', 'kill', 'exited', 'replaced', 'recycled', 'rollout', 'analyse']);

const STEP_FIELDS = {
  start: orNothing(StartOptions).optional().meta({ description: 'Start a new instance of the target' }),
  ready: orNothing(ReadyOptions).optional().meta({ description: 'Wait until the healthcheck passes' }),
  signal: z
    .union([SignalName, SignalOptions])
    .optional()
    .meta({ description: 'Send a signal to the main process of the target' }),
  stop: orNothing(StopOptions)
    .optional()
    .meta({ description: 'Signal the old instance, wait for its exit, SIGKILL after the grace period' }),
  kill: z
    .union([z.null(), z.strictObject({})])
    .optional()
    .meta({ description: 'SIGKILL the old instance and its whole process group' }),
  exited: orNothing(ExitedOptions)
    .optional()
    .meta({ description: 'Wait until the old instance (or its workers) is gone' }),
  replaced: orNothing(ReplacedOptions)
    .optional()
    .meta({ description: 'Wait until a new generation answers, under a new pid or identity' }),
  recycled: orNothing(RecycledOptions)
    .optional()
    .meta({ description: 'Send nothing, and wait until the target replaces a process of its own accord' }),
  freeze: Duration.optional().meta({
    description: 'SIGSTOP the old instance for this long, so that its accept queue fills',
  }),
  sleep: Duration.optional().meta({ description: 'Wait' }),
  run: z
    .union([Command, RunOptions])
    .optional()
    .meta({ description: 'Run a command and wait for it; it must exit with 0' }),
  route: z
    .union([z.enum(['old', 'new']), RouteOptions])
    .optional()
    .meta({ description: 'Fleets: who gets new connections from here on: the old set, the new one, or a share' }),
  rollout: orNothing(Rolling).optional().meta({ description: 'Fleets: replace the instances one after another' }),
  analyse: orNothing(AnalyseOptions)
    .optional()
    .meta({ description: 'Fleets: judge the new set by its own traffic against the old one' }),
};

const exactlyOneKey = (step: object): boolean => Object.keys(step).length === 1;
const ONE_KEY = { error: 'a map with exactly one key, the name of the step' };

/** One step as a map with one key. Rollback holds plain steps: it cannot itself be rolled back. */
const PlainStepMap = z.strictObject(STEP_FIELDS).refine(exactlyOneKey, ONE_KEY);
const StepMap = z
  .strictObject({
    ...STEP_FIELDS,
    rollback: z
      .array(z.union([BareStep, PlainStepMap]))
      .min(1)
      .optional()
      .meta({ description: 'Steps to take when a step of this restart fails' }),
  })
  .refine(exactlyOneKey, ONE_KEY);

/** One step as written in a scenario. */
export const StepSource = z.union([BareStep, StepMap]);
export type StepSource = z.output<typeof StepSource>;

/** One step as the runner reads it. Durations in milliseconds. */
export type Step =
  | { kind: 'start'; socket: 'own' | 'inherited' }
  | { kind: 'ready'; successes: number; withinMs?: number }
  | { kind: 'signal'; signal: Signal; to: 'old' | 'new' }
  | { kind: 'stop'; signal?: Signal; graceMs?: number; to?: 'new' }
  | { kind: 'kill' }
  | { kind: 'exited'; who: 'old' | 'workers'; withinMs?: number }
  | { kind: 'replaced'; withinMs?: number }
  | { kind: 'recycled'; withinMs?: number }
  | { kind: 'freeze'; forMs: number }
  | { kind: 'sleep'; forMs: number }
  | { kind: 'run'; command: Command; withinMs?: number }
  | { kind: 'route'; share: number }
  | { kind: 'rollout'; rolling: Rolling }
  | { kind: 'analyse'; forMs: number; errorsBelow: number }
  | { kind: 'workload'; action: WorkloadAction }
  | { kind: 'rollback'; steps: Step[] };

/** Whether a step starts an instance, or ends what only zerodrop could start again. */
export const isStarting = ({ kind }: { kind: string }): boolean =>
  kind === 'start' || kind === 'stop' || kind === 'kill';

const within = (limitMs: number | undefined): { withinMs?: number } =>
  limitMs === undefined ? {} : { withinMs: limitMs };

/** The step that a source means. Throws when the source has not been checked by {@link StepSource}. */
export function stepOf(source: StepSource): Step {
  const step = typeof source === 'string' ? { [source]: null } : source;
  if ('start' in step) return { kind: 'start', socket: step.start?.socket ?? 'own' };
  if ('ready' in step) return { kind: 'ready', successes: step.ready?.successes ?? 1, ...within(step.ready?.within) };
  if ('signal' in step && step.signal !== undefined) {
    return typeof step.signal === 'string'
      ? { kind: 'signal', signal: step.signal, to: 'old' }
      : { kind: 'signal', signal: step.signal.name, to: step.signal.to };
  }
  if ('stop' in step) {
    return {
      kind: 'stop',
      ...(step.stop?.signal === undefined ? {} : { signal: step.stop.signal }),
      ...(step.stop?.within === undefined ? {} : { graceMs: step.stop.within }),
      ...(step.stop?.to === 'new' ? { to: 'new' as const } : {}),
    };
  }
  if ('kill' in step) return { kind: 'kill' };
  if ('exited' in step) return { kind: 'exited', who: step.exited?.who ?? 'old', ...within(step.exited?.within) };
  if ('replaced' in step) return { kind: 'replaced', ...within(step.replaced?.within) };
  if ('recycled' in step) return { kind: 'recycled', ...within(step.recycled?.within) };
  if ('freeze' in step && step.freeze !== undefined) return { kind: 'freeze', forMs: step.freeze };
  if ('sleep' in step && step.sleep !== undefined) return { kind: 'sleep', forMs: step.sleep };
  if ('run' in step && step.run !== undefined) {
    const run = step.run;
    return typeof run === 'object' && !Array.isArray(run) && 'command' in run
      ? { kind: 'run', command: run.command, ...within(run.within) }
      : { kind: 'run', command: run };
  }
  if ('route' in step && step.route !== undefined) {
    return { kind: 'route', share: typeof step.route === 'string' ? Number(step.route === 'new') : step.route.new };
  }
  if ('rollout' in step) return { kind: 'rollout', rolling: step.rollout ?? Rolling.parse({}) };
  if ('analyse' in step) {
    const { for: forMs, errors_below: errorsBelow } = step.analyse ?? AnalyseOptions.parse({});
    return { kind: 'analyse', forMs, errorsBelow };
  }
  if ('rollback' in step && step.rollback !== undefined) {
    return { kind: 'rollback', steps: step.rollback.map(stepOf) };
  }
  throw new Error(`a step without a name: ${JSON.stringify(source)}`);
}
