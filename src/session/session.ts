/**
 * One session: an arm's target is started, traffic runs, and some of its restarts happen one after another.
 *
 * Rule: whatever happens here is written to the log; nothing is judged. Everything that was started is closed, in
 * reverse order.
 */
import type { Variables } from '../processes/command.ts';
import { remainderOf } from '../run/forecast.ts';
import { strategyOf } from '../strategies/resolve.ts';
import { startServices } from '../targets/services.ts';
import type { RunningTarget } from '../targets/target.ts';
import { openCanary } from './canary.ts';
import { chronicleOf } from './chronicle.ts';
import { restartOnce, runShams, sample } from './restart.ts';
import type { Scene, SessionOptions } from './scene.ts';
import { freshStreamsOf, startTraffic, type SessionTraffic } from './traffic.ts';

/** A session that goes on for so long after its first restart says so. */
const WORTH_SAYING_MS = 60_000;

/**
 * Runs one session; false when it did not come to its end. Rejects with ZerodropError when the target cannot be brought
 * up.
 */
export async function runSession(options: SessionOptions): Promise<boolean> {
  const { session, arm, write, nowMs } = options;
  write({ kind: 'session', session, arm: arm.name, atMs: nowMs() });
  const scene = sceneOf(options);
  try {
    const variables = await startServicesOf(scene);
    const target = await startTarget(scene, variables);
    const traffic = await startTraffic(scene, target);
    await runShams(scene, target, traffic.agent);
    return await runRestarts(scene, target, traffic);
  } finally {
    await closeAll(scene.closing.reverse());
  }
}

function sceneOf(options: SessionOptions): Scene {
  const { session, arm, write, nowMs } = options;
  const early = new AbortController();
  const scene: Scene = {
    ...options,
    signal: AbortSignal.any([options.signal, early.signal]),
    strategy: strategyOf(arm.restart, arm.adversity),
    endsByInstance: false,
    restart: undefined,
    dropped: 0,
    canary: openCanary(freshStreamsOf(arm), arm.traffic.client.timeout, (facts) => {
      const { restart, signal } = scene;
      if (restart !== undefined && !signal.aborted) {
        write({ kind: 'canary', session, restart, atMs: nowMs(), ...facts });
      }
    }),
    tellAgent: () => undefined,
    endEarly(why) {
      write({ kind: 'fact', session, atMs: nowMs(), ...why });
      early.abort();
    },
    closing: [],
  };
  return scene;
}

/** Starts the services of the arm; returns the variables that its target gets. */
async function startServicesOf({ arm, token, warden, scratch, signal, closing, endEarly }: Scene): Promise<Variables> {
  const { ports, close } = await startServices({
    services: arm.services,
    token,
    warden,
    variables: { SCRATCH: scratch },
    died: (message) =>
      endEarly({
        code: 'service-died',
        message,
        hint: 'See its last output; a service must stay in the foreground for the whole run.',
      }),
    aborted: signal,
  });
  closing.push(close);
  return { SCRATCH: scratch, ...ports };
}

/** Starts the target, and waits until it is healthy. */
async function startTarget(scene: Scene, variables: Variables): Promise<RunningTarget> {
  const { arm, strategy, token, warden } = scene;
  const target = await scene.open({
    arm,
    isHttp2: arm.traffic.client.kind === 'http2',
    inheritsSocket: strategy.inheritsSocket,
    witness: arm.target.identity?.command ?? strategy.witness,
    token,
    warden,
    variables,
    chronicle: chronicleOf(scene),
    analyse: scene.canary.analyse,
  });
  scene.endsByInstance = target.endsByInstance;
  scene.closing.push(() => closeTarget(scene, target));
  await target.startFirst(scene.signal);
  void target.died.then(({ code, message, hint }) => scene.endEarly({ code: code ?? 'target-died', message, hint }));
  return target;
}

/** Runs the restarts and ends the traffic; false when they were cut short. */
async function runRestarts(scene: Scene, target: RunningTarget, { agent, atMs }: SessionTraffic): Promise<boolean> {
  const { session, first, restarts, total, bail, write, nowMs, progress, signal } = scene;
  sample(scene, target);
  // Not restart by restart: what times out is known only after its restart has settled.
  const droppedBefore = scene.dropped;
  const bails = (): boolean => bail && scene.dropped !== droppedBefore;
  let restart = first;
  for (; restart < first + restarts && !signal.aborted && !bails(); restart += 1) {
    progress.restart(restart, total);
    const sinceMs = nowMs();
    await restartOnce(scene, restart, target, agent);
    sample(scene, target, restart);
    const [left, oneMs] = [scene.planned - 1, nowMs() - sinceMs];
    if (session === 0 && restart === 0 && left * oneMs >= WORTH_SAYING_MS) {
      progress.say(`${remainderOf(left, oneMs)}.`);
    }
  }
  await agent.finish(nowMs() - atMs);
  if (bails() && restart < total) write({ kind: 'bailed', session, restart: restart - 1, atMs: nowMs() });
  return !bails() && !signal.aborted;
}

async function closeTarget({ session, write, nowMs }: Scene, target: RunningTarget): Promise<void> {
  const { leftovers } = await target.close();
  if (leftovers.length === 0) return;
  write({
    kind: 'fact',
    session,
    atMs: nowMs(),
    code: 'leftover-process',
    message:
      'when the target had ended there was still ' +
      `${leftovers.map(({ id, command }) => `${id.label} (${command})`).join(', ')}, which was killed`,
    hint: 'Let the main process wait for its children before it exits.',
    instances: leftovers.map(({ id }) => id),
  });
}

/** Closes everything, also after one that fails; then rejects with what failed first. */
async function closeAll(closing: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
