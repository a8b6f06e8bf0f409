/**
 * One run, from a scenario to a verdict: read this first.
 *
 * Rule: doing writes the log, judging reads it, nothing else crosses. Everything that was started is gone when this
 * returns.
 */
import { rmSync } from 'node:fs';
import { randomBytes, randomInt } from 'node:crypto';
import { availableParallelism, release, type as osType } from 'node:os';
import { join } from 'node:path';
import { EXIT, ZerodropError } from '../errors.ts';
import { LOG_FILE, openRunFolder, savedIn, saveScenario } from './folder.ts';
import { pairedArms } from '../judge/compare/runs.ts';
import { forecastOf } from './forecast.ts';
import { restartsNeeded } from '../judge/measure/statistics.ts';
import { openLog } from '../log/write.ts';
import { LOG_SCHEMA, type EventOf } from '../model/event.ts';
import type { Arm, Scenario } from '../model/scenario.ts';
import { maskedScenario, maskOf, type Mask } from '../model/secrets/mask.ts';
import { secretsIn } from '../model/secrets/values.ts';
import { agentCountsOf } from './agents.ts';
import { assertPrograms } from './programs.ts';
import { runPositiveControls } from './positive-control.ts';
import { openProgress, type Progress } from '../report/text/progress.ts';
import { baselineOf, judgeRun, type FinishedRun } from './saved.ts';
import { sourceOf } from '../scenario/source.ts';
import { turnsOf } from './turns.ts';
import { runSession } from '../session/session.ts';
import { openBuilds } from '../targets/build.ts';
import { openTarget } from '../targets/open.ts';
import { lastLinesText } from '../processes/exit.ts';
import { openScratch, type Scratch } from '../processes/scratch.ts';
import { startWarden } from '../processes/warden.ts';
import { VERSION } from '../version.ts';

export interface RunOptions {
  /** Where runs go; default `reports`. */
  outDir?: string;
  /** Makes the moments of the restarts repeatable; default: a random one, told in the result. */
  seed?: number;
  /** The command line, as it shall stand in the report. */
  command?: string;
  /** End an arm at its first restart that dropped something; the others go on. */
  bail?: boolean;
  progress?: Progress;
  /** The folder of an earlier run that this one is held to: what is worse beyond noise fails. */
  baseline?: string;
  /** Abort it to end early: the run is judged as far as it got. */
  signal?: AbortSignal;
}

/**
 * Runs a scenario and judges it. The target's faults are findings in the result.
 * Rejects with ZerodropError when there is nothing to judge: a program is missing, the target never became healthy, a
 * command or port is not to be had, the folder cannot be written, the baseline met another load.
 */
export async function run(scenario: Scenario, options: RunOptions = {}): Promise<FinishedRun> {
  const mask = maskOf(secretsIn(sourceOf(scenario), process.env));
  return runMasked(scenario, options, mask).catch((error: unknown) => {
    throw error instanceof ZerodropError ? error.masked(mask) : error;
  });
}

async function runMasked(scenario: Scenario, options: RunOptions, mask: Mask): Promise<FinishedRun> {
  assertPrograms(scenario);
  const baseline = options.baseline === undefined ? undefined : await baselineOf(options.baseline);
  if (baseline !== undefined) {
    pairedArms(
      baseline.label,
      baseline.evidence.map(({ planned }) => planned),
      'this run',
      scenario.arms,
    );
  }
  const startedAt = new Date();
  const seed = options.seed ?? randomInt(2 ** 31);
  const folder = openRunFolder(options.outDir ?? 'reports', scenario.name, startedAt);
  const source = maskedScenario(sourceOf(savedIn(folder, scenario)), mask);
  saveScenario(folder, source);
  const progress = options.progress ?? openProgress({ stream: process.stderr, quiet: true });
  const log = openLog(join(folder, LOG_FILE), mask);
  const signal = AbortSignal.any([log.failed, ...(options.signal === undefined ? [] : [options.signal])]);
  const originMs = performance.now();
  const nowMs = (): number => Math.round((performance.now() - originMs) * 1000) / 1000;
  const token = randomBytes(12).toString('hex');

  log.write({
    kind: 'run',
    schema: LOG_SCHEMA,
    zerodrop: VERSION,
    scenario: source,
    startedAt: startedAt.toISOString(),
    seed,
    command: options.command ?? 'run() from code',
    environment: { node: process.version, os: `${osType()} ${release()}`, cpus: availableParallelism() },
  });
  const warden = await startWarden(token);
  const builds = openBuilds(token, warden, signal);
  let judgeable = false;
  let orderly = false;
  let scratch: Scratch | undefined;
  try {
    scratch = openScratch(warden);
    for (const [number, arm] of scenario.arms.entries()) {
      await builds.build(arm.target, { SCRATCH: scratch.ofArm(number) });
    }
    progress.say(
      `${forecastOf(scenario.arms.map((arm) => ({ restarts: restartCountOf(arm), quietMs: arm.restart.quiet })))}.`,
    );
    await runPositiveControls(scenario.arms, { nowMs, write: log.write, signal, token });
    const agents = await agentCountsOf(scenario.arms, signal);
    const turns = turnsOf(scenario.arms, restartCountOf, seed);
    const planned = turns.reduce((sum, { restarts }) => sum + restarts, 0);
    progress.plan(planned);
    const ended = new Set<Arm>();
    for (const [session, turn] of turns.entries()) {
      if (signal.aborted) break;
      if (ended.has(turn.arm)) continue;
      progress.arm(turn.arm.name, session, turns.length);
      const whole = await runSession({
        session,
        ...turn,
        total: restartCountOf(turn.arm),
        planned,
        bail: options.bail === true,
        seed,
        agents: agents.get(turn.arm) ?? 1,
        token,
        warden,
        scratch: scratch.ofArm(scenario.arms.indexOf(turn.arm)),
        write: log.write,
        nowMs,
        progress,
        open: openTarget,
        signal,
      }).catch((error: unknown) => {
        log.write({ kind: 'fact', session, atMs: nowMs(), ...notAgain(error, turn.opening) });
        return false;
      });
      if (!whole) ended.add(turn.arm);
      judgeable = true;
    }
    if (options.signal?.aborted === true) {
      log.write({ kind: 'interrupted', atMs: nowMs() });
      judgeable = true;
    }
    log.write({ kind: 'end', atMs: nowMs() });
    orderly = true;
  } finally {
    progress.stop();
    await builds.close();
    await (orderly ? warden.close() : warden.sweep());
    scratch?.remove();
    await log.close();
    // A run of which no arm came up has told its reason; its folder would hold nothing to judge.
    if (!judgeable) rmSync(folder, { recursive: true, force: true });
  }
  return judgeRun(folder, baseline);
}

/**
 * What a target that came up for an earlier turn of its arm, and not for this one, is: a finding of the arm, and the
 * other arms go on. Throws anything else.
 */
function notAgain(error: unknown, opening: boolean): Pick<EventOf<'fact'>, 'code' | 'message' | 'hint'> {
  if (opening || !(error instanceof ZerodropError)) throw error;
  // Such as a port that somebody else has taken meanwhile: no fault of the target, and no reason to lose what was
  // measured.
  if (error.exitCode !== EXIT.unhealthy) {
    return {
      code: 'target-not-started',
      message: `it could not be started for a later turn: ${error.message}`,
      hint: error.hint,
    };
  }
  const code = error.code === 'service-not-healthy' ? 'service-died' : 'target-not-healthy';
  return {
    code,
    message: `${error.message.replace(/\.$/, '')}, though it had come up before${lastLinesText(error.details)}`,
  };
}

/** How many restarts an arm asks for: its count, or as many as its bound needs when all are clean. */
export function restartCountOf(arm: Arm): number {
  const { until, count } = arm.restart;
  return until === undefined ? count : restartsNeeded(until.confidence, until.dirty_restarts_below);
}
