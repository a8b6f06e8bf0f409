/**
 * The end of one instance of a fleet, as that of a Pod.
 *
 * Rule: at one moment the front door is told, the hook begins, and the grace period starts to run; the signal follows
 * the hook. That the signal may come before the front door has acted is the race that Kubernetes has, too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import { commandText } from '../../processes/command.ts';
import { exitText, lastLinesText } from '../../processes/exit.ts';
import { killThese } from '../../processes/kill.ts';
import { sendSignal } from '../../processes/signal.ts';
import { trackOurs } from '../../processes/ours.ts';
import { runCommand } from '../../processes/run-command.ts';
import type { FleetState, Replica } from './state.ts';

const KILL_WITHIN_MS = 5000;

export interface Termination {
  signal: NodeJS.Signals;
  graceMs: number;
}

/** Ends an instance in its own time. Rejects with StepFailure when it cannot be killed. */
export function terminate(state: FleetState, replica: Replica, { signal, graceMs }: Termination): Promise<void> {
  replica.ending ??= (async () => {
    const { chronicle } = state;
    // Between two attempts of one that keeps exiting on its own there is nothing to end.
    if (replica.instance.ended !== undefined) {
      replica.gone = true;
      state.replicas.delete(replica);
      return;
    }
    chronicle.instance({ instance: replica.lane, state: 'draining', atMs: chronicle.nowMs() });
    const limit = delay(graceMs, 'late' as const, { ref: false });
    // Not awaited: as in a cluster, nobody waits for the front door.
    queueMicrotask(() => void state.changed());
    await preStop(state, replica, graceMs);
    tellEnding(state, replica);
    sendTo(replica, signal);
    const ended = await Promise.race([replica.instance.exit, limit]);
    if (ended === 'late') {
      chronicle.fact({
        code: 'forced-kill',
        message:
          `Instance ${replica.name} (process ${replica.instance.pid}) did not end within ` +
          `${durationText(Math.round(graceMs))}, preStop included, so it was killed.`,
        hint: 'Make terminationGracePeriodSeconds longer than the preStop hook and the slowest request together.',
      });
      await killReplica(state, replica, 'SIGKILL');
    }
    await sweep(replica);
  })();
  return replica.ending;
}

/** Tells the clients' side that an old instance gets its signal now: from here on its connections are in danger. */
export function tellEnding({ chronicle, door, old, restarting }: FleetState, replica: Replica): void {
  if (restarting && old.has(replica)) chronicle.ending(door.portsOf(replica.name));
}

/** Sends a signal to the main process of an instance; SIGKILL to all of its processes. */
export async function killReplica(state: FleetState, replica: Replica, signal: NodeJS.Signals): Promise<void> {
  const graceMs = (state.fleet.terminationGracePeriodSeconds ?? state.target.stop_grace_period / 1000) * 1000;
  sendTo(replica, signal);
  if (signal === 'SIGKILL') return sweep(replica);
  const ended = await Promise.race([replica.instance.exit, delay(graceMs, 'late' as const, { ref: false })]);
  if (ended === 'late') await killReplica(state, replica, 'SIGKILL');
}

function sendTo(replica: Replica, signal: NodeJS.Signals): void {
  if (replica.instance.ended !== undefined) return;
  replica.instance.noteSignal(signal);
  sendSignal(replica.instance.generation, signal);
}

/**
 * Kills what is left of an instance: itself, and what it started. Rejects with StepFailure when that cannot be done.
 */
export async function sweep({ instance, name }: Replica): Promise<void> {
  const ours = trackOurs(() => ({ groups: [instance.group], sinceTicks: instance.generation.startTicks }));
  if (!(await killThese(ours.look(true).processes, KILL_WITHIN_MS))) {
    throw new StepFailure(
      `Processes of instance ${name} are still there after SIGKILL.`,
      'They hang in the kernel; end them by hand.',
    );
  }
  await Promise.race([instance.exit, delay(KILL_WITHIN_MS, undefined, { ref: false })]);
}

async function preStop(
  { fleet, chronicle, closing }: FleetState,
  { setting, environment, name }: Replica,
  graceMs: number,
): Promise<void> {
  const hook = fleet.lifecycle.preStop;
  if (hook === undefined || closing.aborted) return;
  if ('sleep' in hook) {
    await delay(Math.min(hook.sleep.seconds * 1000, graceMs), undefined, { signal: closing }).catch(() => undefined);
    return;
  }
  const { exit, lines } = await runCommand({
    command: hook.exec.command,
    folder: setting.folder,
    environment,
    limitMs: graceMs,
    aborted: closing,
  });
  if (exit.by === 'code' && exit.code === 0) return;
  chronicle.fact({
    code: 'pre-stop-failed',
    message:
      `The preStop hook of instance ${name} ("${commandText(hook.exec.command)}") ended ` +
      `${exitText(exit)}${lastLinesText(lines)}; as in a cluster, the stop signal followed at once.`,
    hint: 'Use preStop.sleep, which needs no program in the image, or run the command by hand and correct it.',
  });
}
