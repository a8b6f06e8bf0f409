/**
 * Ending the old instance: asked first, then forced.
 *
 * Rule: when this returns, nothing of it is left that could hold the port. Needing SIGKILL, a process left behind and
 * an exit code that says failure are facts for the log.
 */
import { StepFailure } from '../../model/control.ts';
import type { Exit } from '../../model/event.ts';
import { durationText } from '../../model/units.ts';
import { killThese } from '../../processes/kill.ts';
import { sendSignal } from '../../processes/signal.ts';
import { commandLineOf, generationOf, isAlive, type Generation, type ProcessStat } from '../../processes/proc.ts';
import { doomedOf, exitOf, idsOf, isOwn, mainOf, meantOf, type State } from './state.ts';
import { deafnessOf, tellNotPassed, wrappedSignal, type WrappedSignal } from './passing.ts';
import { until } from '../../processes/wait.ts';
import type { Watch } from './watch.ts';

/** SIGKILL takes effect within this, or never (a process stuck in the kernel). */
const KILL_WITHIN_MS = 5000;
/** Children of a process that has ended may take so long to follow it. */
const FOLLOW_WITHIN_MS = 2000;

/** Signals the old instance, waits for its exit, SIGKILL after the grace period. Rejects with StepFailure. */
export async function stopOld(
  state: State,
  watch: Watch,
  signal: NodeJS.Signals,
  graceMs: number,
  sent: () => void,
): Promise<Exit> {
  const meant = meantOf(state);
  const main = mainMeant(state, meant);
  if (main === undefined) {
    await endFollowers(state, meant, 0);
    return { by: 'code', forced: false };
  }
  state.lanes.draining();
  const wrapped = wrappedSignal(state, main, signal);
  signalProcess(state, main, signal);
  sent();
  const startMs = performance.now();
  const forced = !(await until(() => !isAlive(main), graceMs, state.closing));
  if (forced) {
    if (wrapped !== undefined) await tellNotPassed(state, wrapped);
    state.chronicle.fact({
      code: 'forced-kill',
      message:
        `The target did not end within ${durationText(Math.round(graceMs))} after ${signal}, so process ` +
        `${main.pid} (${commandLineOf(main.pid)}) was killed.`,
      hint:
        deafnessOf(main.pid, signal) ??
        'Let it end its open connections in time after the signal, or give it longer with ' +
          'target.stop_grace_period.',
    });
    await killOld(state, watch, meant);
  } else {
    const leftMs = Math.max(0, graceMs - (performance.now() - startMs));
    await endFollowers(state, meant, Math.min(FOLLOW_WITHIN_MS, leftMs), wrapped);
  }
  const exit = await reportedExit(state, main);
  watch.tick();
  return { ...(exit ?? (forced ? { by: 'signal' as const, signal: 'SIGKILL' } : { by: 'code' as const })), forced };
}

/** SIGKILL to the old instance and everything that belongs to it. Rejects with StepFailure. */
export async function killOld(state: State, watch: Watch, meant: 'old' | 'everything' = meantOf(state)): Promise<void> {
  const main = mainMeant(state, meant);
  const doomed = doomedOf(state, meant, state.ours.look(true));
  for (const { instance } of state.instances) {
    if (doomed.some(({ pid }) => pid === instance.pid)) instance.noteSignal('SIGKILL');
  }
  await endFor(doomed);
  // A process may fork while its group is being killed.
  await endFor(doomedOf(state, meant, state.ours.look(true)));
  await reportedExit(state, main);
  watch.tick();
}

async function endFor(processes: readonly ProcessStat[]): Promise<void> {
  if (await killThese(processes, KILL_WITHIN_MS)) return;
  throw new StepFailure(
    `Processes ${processes.map(({ pid }) => pid).join(', ')} are still there ${durationText(KILL_WITHIN_MS)} ` +
      'after SIGKILL.',
    'They belong to another user or hang in the kernel; end them by hand.',
  );
}

/** The main process of whom is meant, if it lives. */
function mainMeant(state: State, meant: 'old' | 'everything'): Generation | undefined {
  const { main: old } = state.restart.old;
  if (meant === 'old') return old !== undefined && isAlive(old) ? old : undefined;
  const main = mainOf(state, state.ours.look(true));
  return main === undefined ? undefined : generationOf(main);
}

/** What the main process left behind would keep the port: it may follow for a while, then it is killed. */
async function endFollowers(
  state: State,
  meant: 'old' | 'everything',
  limitMs: number,
  wrapped?: WrappedSignal,
): Promise<void> {
  const left = (thorough: boolean): ProcessStat[] =>
    isOwn(state) ? doomedOf(state, meant, state.ours.look(thorough)) : [];
  await until(() => left(false).length === 0, limitMs, state.closing);
  const followers = left(true);
  if (followers.length === 0) return;
  if (wrapped !== undefined) await tellNotPassed(state, wrapped);
  state.chronicle.fact({
    code: 'leftover-process',
    message: `The target ended but left ${
      followers.length === 1 ? 'a process' : `${followers.length} processes`
    } behind: ${followers.map(({ pid }) => `${pid} (${commandLineOf(pid)})`).join(', ')}. They were killed.`,
    hint: isShell(state)
      ? 'The shell took the signal and did not pass it on: write exec before the last command of target.command.'
      : 'Let the main process wait for its children before it exits.',
    instances: idsOf(state, followers),
  });
  await endFor(followers);
}

const isShell = ({ setting: { target } }: State): boolean =>
  typeof target.command === 'object' && 'shell' in target.command;

/** The exit of a child of ours is reported a moment after it is seen gone. */
async function reportedExit(state: State, main: Generation | undefined): Promise<Exit | undefined> {
  const isChild = state.instances.some(({ instance }) => instance.pid === main?.pid);
  if (isChild) await until(() => exitOf(state, main).exit !== undefined, 1000);
  return exitOf(state, main).exit;
}

/** Sends a signal to a main process. Rejects with StepFailure when it is gone or not ours to signal. */
export function signalProcess(state: State, main: Generation, signal: NodeJS.Signals): void {
  for (const { instance } of state.instances) if (instance.pid === main.pid) instance.noteSignal(signal);
  let sent;
  try {
    sent = sendSignal(main, signal);
  } catch (error) {
    throw new StepFailure(
      `${signal} could not be sent to process ${main.pid}: ${(error as Error).message}.`,
      'Run zerodrop as the user that the target runs as.',
    );
  }
  if (!sent) {
    throw new StepFailure(
      `Process ${main.pid} was gone before ${signal} could be sent to it.`,
      'Look at why the target ended; see its last output.',
    );
  }
}
