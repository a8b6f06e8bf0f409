/**
 * One session: an arm's target is started, traffic runs, and some of its restarts happen one after another.
 *
 * Rule: whatever happens here is told to the log; nothing is judged. Everything that was started is closed, in reverse
 * order.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openAttribution } from './attribution.ts';
import { openCanary, type CanaryWatch } from './canary.ts';
import { chronicleOf, type Scene as Told } from './chronicle.ts';
import { remainderOf } from '../run/forecast.ts';
import type { Arm } from '../model/scenario.ts';
import type { Event } from '../model/event.ts';
import type { Progress } from '../report/text/progress.ts';
import { runRestart } from '../strategies/runner.ts';
import { watchMachine } from './machine-watch.ts';
import { shamRestart } from './sham.ts';
import { strategyOf } from '../strategies/resolve.ts';
import { startServices } from '../targets/services.ts';
import type { RunningTarget, TargetOptions } from '../targets/target.ts';
import { tlsOf } from '../targets/tls.ts';
import type { Warden } from '../processes/warden.ts';
import type { Agent } from '../traffic/agents/agent.ts';
import { startAgents } from '../traffic/agents/local.ts';
import { planOf } from '../traffic/plan.ts';
import { startPressure, type PressureProcess } from '../traffic/pressure/pressure.ts';

export interface SessionOptions {
  session: number;
  arm: Arm;
  /** Restarts of this session, the number of the first of them in its arm, and how many the arm has in all. */
  restarts: number;
  first: number;
  total: number;
  /** How many restarts the run has in all. */
  planned: number;
  /** Whether it is the first one of its arm, which holds the negative control. */
  opening: boolean;
  /** End with the first restart after which something was dropped. */
  bail: boolean;
  seed: number;
  /** How many agents share the traffic. */
  agents: number;
  token: string;
  warden: Warden;
  /** The scratch folder of the arm. */
  scratch: string;
  write: (event: Event) => void;
  /** ms since the run's start. */
  nowMs: () => number;
  progress: Progress;
  /** Opens the target of the arm. */
  open: (options: TargetOptions) => Promise<RunningTarget>;
  /** Aborted when the user wants the run to end, or when the log cannot be written. */
  signal: AbortSignal;
}

/** The agent gets this long to be ready to send before its plan begins. */
const LEAD_MS = 100;
/** A session that goes on for so long after its first restart says so. */
const WORTH_SAYING_MS = 60_000;

/**
 * Runs one session; false when it did not come to its end. Rejects with ZerodropError when the target cannot be brought
 * up.
 */
export async function runSession(options: SessionOptions): Promise<boolean> {
  const { session, arm, write, nowMs, progress } = options;
  write({ kind: 'session', session, arm: arm.name, atMs: nowMs() });
  const early = new AbortController();
  const signal = AbortSignal.any([options.signal, early.signal]);
  const scene: Scene = {
    ...options,
    signal,
    endsByInstance: false,
    restart: undefined,
    dropped: 0,
    canary: openCanary(freshStreamsOf(arm), arm.traffic.client.timeout, (facts) => {
      const { restart } = scene;
      if (restart !== undefined && !signal.aborted) {
        write({ kind: 'canary', session, restart, atMs: nowMs(), ...facts });
      }
    }),
    tellAgent: () => undefined,
  };
  const strategy = strategyOf(arm.restart, arm.adversity);
  const analyses = strategy.steps.some(({ kind }) => kind === 'analyse');
  const fact = (
    code: 'target-died' | 'agent-died' | 'service-died' | 'front-door-died',
    message: string,
    hint: string,
  ): void => {
    write({ kind: 'fact', session, atMs: nowMs(), code, message, hint });
    early.abort();
  };

  const closing: (() => Promise<void>)[] = [];
  try {
    const services = await startServices({
      services: arm.services,
      token: options.token,
      warden: options.warden,
      variables: { SCRATCH: options.scratch },
      died: (message) =>
        fact('service-died', message, 'See its last output; a service must stay in the foreground for the whole run.'),
      aborted: signal,
    });
    closing.push(services.close);
    const target = await options.open({
      arm,
      isHttp2: arm.traffic.client.kind === 'http2',
      inheritsSocket: strategy.inheritsSocket,
      witness: arm.target.identity?.command ?? strategy.witness,
      token: options.token,
      warden: options.warden,
      variables: { SCRATCH: options.scratch, ...services.ports },
      chronicle: chronicleOf(scene),
      analyse: scene.canary.analyse,
    });
    scene.endsByInstance = target.endsByInstance;
    closing.push(() => closeTarget(scene, target));
    await target.startFirst(signal);
    const attribution = openAttribution(target.chosenFor, write);
    closing.push(() => Promise.resolve(attribution.flush()));
    void target.died.then((how) => fact(how.code ?? 'target-died', how.message, how.hint));

    const agent = await startAgents(
      options.agents,
      planOf(
        arm,
        target.origin,
        strategy.steps.some(({ kind }) => kind === 'freeze'),
        tlsOf(arm.target),
      ),
      {
        session,
        nowMs,
        event(event) {
          if (isDropped(event)) scene.dropped += 1;
          if (analyses) scene.canary.add(event);
          attribution.write(event);
        },
        progress: (totals) => progress.tick(totals),
        died: (reason) =>
          fact(
            'agent-died',
            `the agent that sends the traffic ended early: ${reason}`,
            'Run again; if it happens again, report it as a bug of zerodrop.',
          ),
        weakened: (reason) =>
          write({
            kind: 'fact',
            session,
            atMs: nowMs(),
            code: 'agent-died',
            message:
              `one of the ${options.agents} agents that send the traffic ended early, and its requests count as ` +
              `unsent: ${reason}`,
          }),
      },
      options.token,
    );
    closing.push(() => agent.close());
    const pressure =
      arm.traffic.pressure === undefined
        ? undefined
        : startPressure(target.origin, arm.traffic.pressure, options.token);
    if (pressure !== undefined) closing.push(() => stopPressure(scene, pressure));

    const unwatchMachine = watchMachine({
      session,
      token: options.token,
      knowsTarget: arm.target.command !== undefined,
      write,
      nowMs,
    });
    closing.push(() => Promise.resolve(unwatchMachine()));
    const trafficAtMs = nowMs() + LEAD_MS;
    agent.startAt(trafficAtMs);
    write({ kind: 'traffic', session, atMs: trafficAtMs, streams: agent.streams, handshakeMs: agent.handshakeMs });
    scene.tellAgent = (restart, phase, localPorts) => agent.phase(restart, phase, localPorts);

    const shams = options.opening ? arm.controls.negative : 0;
    for (let sham = 0; sham < shams && !signal.aborted; sham += 1) {
      await shamOnce(scene, options.total + sham, target, agent);
    }
    sample(scene, target);
    // Not restart by restart: what times out is known only after its restart has settled.
    const droppedBefore = scene.dropped;
    const bails = (): boolean => options.bail && scene.dropped !== droppedBefore;
    let restart = options.first;
    for (; restart < options.first + options.restarts && !signal.aborted && !bails(); restart += 1) {
      progress.restart(restart, options.total);
      const sinceMs = nowMs();
      await restartOnce(scene, restart, strategy.steps, target, agent);
      sample(scene, target, restart);
      const [left, oneMs] = [options.planned - 1, nowMs() - sinceMs];
      if (session === 0 && restart === 0 && left * oneMs >= WORTH_SAYING_MS) {
        progress.say(`${remainderOf(left, oneMs)}.`);
      }
    }
    await agent.finish(nowMs() - trafficAtMs);
    if (bails() && restart < options.total) write({ kind: 'bailed', session, restart: restart - 1, atMs: nowMs() });
    return !bails() && !signal.aborted;
  } finally {
    await closeAll(closing.reverse());
  }
}

/** Closes everything, also after one that fails; then rejects with what failed first. */
async function closeAll(closing: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** What the parts of a session share while it runs. */
interface Scene extends SessionOptions, Told {
  /** Arrivals and sentinels that met no answer so far. */
  dropped: number;
  canary: CanaryWatch;
}

async function restartOnce(
  scene: Scene,
  restart: number,
  steps: Parameters<typeof runRestart>[0],
  target: RunningTarget,
  agent: Agent,
): Promise<void> {
  const { session, arm, write, nowMs, signal } = scene;
  const serving = async (when: 'before' | 'after'): Promise<void> => {
    write({
      kind: 'serving',
      session,
      restart,
      when,
      ...(when === 'before' ? await target.begin() : await target.serving()),
    });
  };
  if (!(await quiet(arm.restart.quiet + jitterMs(scene.seed, arm, restart), signal))) return;
  for (const { placed, message } of await agent.place(restart)) {
    write({
      kind: 'fact',
      session,
      restart,
      atMs: nowMs(),
      code: placed ? 'sentinel-doubtful' : 'sentinel-not-armed',
      message,
    });
  }
  scene.restart = restart;
  await serving('before');
  await runRestart(steps, target, chronicleOf(scene), { timeoutMs: arm.restart.timeout, signal });
  await serving('after');
  await quiet(arm.restart.quiet, signal);
  await agent.release(restart);
  write({ kind: 'restart', session, restart, moment: 'settled', atMs: nowMs() });
  scene.restart = undefined;
}

async function shamOnce(scene: Scene, number: number, target: RunningTarget, agent: Agent): Promise<void> {
  const { session, arm, write, nowMs, signal, tellAgent } = scene;
  const { fact } = chronicleOf(scene);
  await shamRestart({
    session,
    number,
    target,
    agent,
    quietMs: arm.restart.quiet,
    write,
    nowMs,
    tellAgent,
    fact,
    quiet: (ms) => quiet(ms, signal),
  });
}

/** Tells what the target uses now; nothing when its processes cannot be seen. */
function sample({ session, write, nowMs, signal }: Scene, target: RunningTarget, restart?: number): void {
  const seen = signal.aborted ? undefined : target.sample();
  if (seen !== undefined) {
    write({
      kind: 'sample',
      session,
      ...(restart === undefined ? {} : { restart }),
      atMs: nowMs(),
      ...seen,
      leftovers: target.leftovers(),
      zombies: target.zombies(),
    });
  }
}

/** Whether an event tells of a request that met no answer, by the target's fault. */
function isDropped(event: Event): boolean {
  return (
    (event.kind === 'failure' || event.kind === 'sentinel') &&
    event.outcome !== 'answered' &&
    event.outcome !== 'unsent'
  );
}

/** The streams whose requests have a connection of their own; all of them when there are no such. */
function freshStreamsOf({ traffic: { arrivals } }: Arm): Set<string> {
  const fresh = Object.keys(arrivals).filter((name) => arrivals[name]?.connection === 'new');
  return new Set(fresh.length > 0 ? fresh : Object.keys(arrivals));
}

/** Waits; false when it was cut short. */
async function quiet(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

/**
 * A moment that the arrivals cannot be in step with, the same for the same seed: from 0 to 100 ms, and at least the
 * time between two arrivals of the slowest stream.
 */
function jitterMs(seed: number, arm: Arm, restart: number): number {
  const slowest = Math.min(...Object.values(arm.traffic.arrivals).map((stream) => stream.rate));
  const digest = createHash('sha256').update(`${seed}/${arm.name}/${restart}`).digest();
  return (digest.readUInt32BE(0) / 2 ** 32) * Math.max(100, Math.min(1000, 1000 / slowest));
}

async function stopPressure(scene: Scene, pressure: PressureProcess): Promise<void> {
  scene.write({ kind: 'pressure', session: scene.session, ...(await pressure.stop()) });
}

async function closeTarget(scene: Scene, target: RunningTarget): Promise<void> {
  const { leftovers } = await target.close();
  if (leftovers.length === 0) return;
  scene.write({
    kind: 'fact',
    session: scene.session,
    atMs: scene.nowMs(),
    code: 'leftover-process',
    message:
      'when the target had ended there was still ' +
      `${leftovers.map(({ id, command }) => `${id.label} (${command})`).join(', ')}, which was killed`,
    hint: 'Let the main process wait for its children before it exits.',
    instances: leftovers.map(({ id }) => id),
  });
}
