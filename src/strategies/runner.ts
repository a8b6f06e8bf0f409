/**
 * Runs the steps of one restart.
 *
 * Rule: the first step that fails ends the restart, with a fact and then its rollback, never with a hang: every step is
 * bounded by what is left of the whole. What a target or a user's command does wrong is told; our own bug is thrown.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ZerodropError } from '../errors.ts';
import { StepFailure, type Chronicle, type TargetControl } from '../model/control.ts';
import type { Step } from '../model/step.ts';
import { durationText } from '../model/units.ts';
import { describeStep } from './describe.ts';

export interface RestartLimits {
  /** Limit of all steps together, ms. A rollback may take a quarter of it more. */
  timeoutMs: number;
  /** Ends the restart at once. */
  signal?: AbortSignal;
}

/** What a step that ignores its own limit is given beyond it. */
const SLACK_MS = 500;
const ROLLBACK_SHARE = 0.25;
/**
 * Steps that come before the restart proper: they ask nothing of the target, so t = 0 lies after them; where it lies in
 * `recycled`, the target tells.
 */
const PREPARES: ReadonlySet<Step['kind']> = new Set(['sleep', 'ready', 'freeze', 'recycled']);

/** Runs a restart whose `begin` has been called. Resolves with whether every step succeeded. */
export async function runRestart(
  steps: readonly Step[],
  control: TargetControl,
  chronicle: Chronicle,
  { timeoutMs, signal }: RestartLimits,
): Promise<{ ok: boolean }> {
  const forward = steps.filter(({ kind }) => kind !== 'rollback');
  const rollback = steps.flatMap((step) => (step.kind === 'rollback' ? step.steps : []));
  const endMs = performance.now() + timeoutMs;
  const tell = teller(chronicle);
  let signalled = false;

  chronicle.moment('began');
  let problem: StepFailure | undefined;
  for (const step of forward) {
    if (!signalled && !PREPARES.has(step.kind)) {
      signalled = true;
      chronicle.moment('signalled');
    }
    problem = await tell(step, () => bounded(step, control, endMs, signal));
    if (problem !== undefined) break;
  }
  if (problem !== undefined && !isAborted(signal)) {
    chronicle.fact({
      code: problem.code,
      message: problem.message,
      hint: problem.hint,
      ...(problem.judged ? { judged: true } : {}),
    });
    if (rollback.length > 0) {
      await rollBack(rollback, control, chronicle, tell, {
        timeoutMs: Math.max(endMs - performance.now(), timeoutMs * ROLLBACK_SHARE),
        signal,
      });
    }
  }
  chronicle.moment('completed');
  return { ok: problem === undefined };
}

// A call, because the state of a signal changes behind the compiler's back.
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

async function rollBack(
  steps: readonly Step[],
  control: TargetControl,
  chronicle: Chronicle,
  tell: Teller,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (const step of steps) {
    const problem = await tell(step, () => bounded(step, control, endMs, signal));
    if (problem === undefined) continue;
    chronicle.fact({ code: 'step-failed', message: `The rollback failed too: ${problem.message}`, hint: problem.hint });
    return;
  }
  chronicle.fact({
    code: 'rolled-back',
    message: 'A step of the restart failed, and its rollback was carried out.',
    hint: 'See which step failed, and why.',
  });
}

type Teller = (step: Step, act: () => Promise<unknown>) => Promise<StepFailure | undefined>;

/** Takes steps, and tells of each how long it took and what went wrong. */
function teller(chronicle: Chronicle): Teller {
  let index = 0;
  return async (step, act) => {
    const atMs = chronicle.nowMs();
    let problem: StepFailure | undefined;
    let seen: unknown;
    try {
      seen = await act();
    } catch (error) {
      if (error instanceof StepFailure) problem = error;
      else if (error instanceof ZerodropError) problem = new StepFailure(error.message, error.hint);
      else throw error;
    }
    chronicle.step({
      index,
      text: describeStep(step),
      atMs,
      tookMs: chronicle.nowMs() - atMs,
      ...(problem === undefined ? {} : { problem: problem.message }),
      ...(typeof seen === 'string' ? { note: seen } : {}),
    });
    index += 1;
    return problem;
  };
}

/** The step, ended by whatever comes first: its own end, its limit, the user. */
async function bounded(
  step: Step,
  control: TargetControl,
  endMs: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const leftMs = Math.max(0, endMs - performance.now());
  if (leftMs === 0) {
    throw new StepFailure(
      `restart.timeout was over before this step: ${describeStep(step)}.`,
      'Raise restart.timeout, or see which step took so long.',
    );
  }
  const limitMs = 'withinMs' in step ? Math.min(step.withinMs, leftMs) : leftMs;
  const timer = new AbortController();
  const ended = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
  const clock = delay(limitMs + SLACK_MS, undefined, { signal: ended }).then(
    () => {
      throw new StepFailure(
        `This step was not done within ${durationText(Math.round(limitMs))}: ${describeStep(step)}.`,
        'Give it a longer within, or raise restart.timeout.',
      );
    },
    () => {
      throw new StepFailure('The restart was interrupted.', 'Run again for a whole result.');
    },
  );
  const acting = take(step, control, limitMs, ended);
  // Whichever loses the race may fail later, when nobody listens any more.
  acting.catch(() => undefined);
  clock.catch(() => undefined);
  try {
    return await Promise.race([acting, clock]);
  } finally {
    timer.abort();
  }
}

/** Resolves with what was seen, of a step that looks at something. */
async function take(step: Step, control: TargetControl, limitMs: number, ended: AbortSignal): Promise<unknown> {
  switch (step.kind) {
    case 'start':
      return control.start(step.socket);
    case 'ready':
      return control.ready(step.successes, limitMs);
    case 'signal':
      return control.signal(step.signal, step.to);
    case 'stop':
      await control.stop(step.signal, step.graceMs, limitMs, step.to);
      return;
    case 'kill':
      return control.kill(limitMs);
    case 'exited':
      return control.exited(step.who, limitMs);
    case 'replaced':
      return control.replaced(limitMs);
    case 'recycled':
      return control.recycled(limitMs);
    case 'freeze':
      return control.freeze(step.forMs);
    case 'sleep':
      if (step.forMs > limitMs) {
        throw new StepFailure(
          `${describeStep(step)} is longer than what is left of restart.timeout.`,
          'Raise restart.timeout.',
        );
      }
      await delay(step.forMs, undefined, { signal: ended }).catch(() => undefined);
      return;
    case 'run':
      return control.run(step.command, limitMs);
    case 'route':
      return control.route(step.share);
    case 'rollout':
      return control.rollout(step.rolling, limitMs);
    case 'analyse':
      return control.analyse(step.forMs, step.errorsBelow, limitMs);
    case 'workload':
      if (control.workload === undefined) throw new Error('a workload is restarted that the target does not have');
      return control.workload(step.action, limitMs);
    case 'rollback':
      throw new Error('a rollback is not a step of its own');
  }
}
