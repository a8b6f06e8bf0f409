/**
 * Waiting until the target can serve: for the first time, and in a restart.
 *
 * Rule: every wait has a limit, and says what it saw last. Only answers of the successor count (see successor.ts).
 */
import { openedBy } from '../../processes/opened.ts';
import { elsewhereHint } from './elsewhere.ts';
import { ZerodropError } from '../../errors.ts';
import { StepFailure } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import { exitText, lastLinesText } from '../../processes/exit.ts';
import type { Started } from './instance.ts';
import type { Look } from '../../processes/ours.ts';
import { generationOf } from '../../processes/proc.ts';
import { act, isOwn, mainOf, mainOfNew, oldListens, probeOnce, type State } from './state.ts';
import { STRANGER_HINT, strangerText } from './stranger.ts';
import { hasSuccessor, probeSuccessor } from './successor.ts';
import { until, untilOutcome } from '../../processes/wait.ts';
import type { Watch } from './watch.ts';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A command that ended with 0 may have left a daemon that has yet to listen; after so long with no process there is
 * none.
 */
const DAEMON_WITHIN_MS = 1000;

/**
 * Waits until the first instance is healthy. Rejects with ZerodropError `target-died-at-start` or `target-not-healthy`.
 * Ends early when aborted.
 */
export async function waitFirstReady(state: State, started: Started | undefined, aborted?: AbortSignal): Promise<void> {
  const { target, origin } = state.setting;
  const { method, path, interval, start_period: limitMs } = target.healthcheck;
  let problem = 'it was never asked';
  let stranger: string | undefined;
  let advice: string | undefined;
  let endedAtMs: number | undefined;
  const ended = await untilOutcome(
    async () => {
      if (aborted?.aborted === true) return 'aborted';
      const look = state.ours.look();
      const exit = started?.instance.ended;
      if (exit !== undefined) {
        endedAtMs ??= performance.now();
        const isFinal = exit.by === 'signal' || exit.code !== 0 || performance.now() - endedAtMs > DAEMON_WITHIN_MS;
        if (isFinal && state.ours.look(true).processes.length === 0) return 'died';
      }
      const result = await probeOnce(state);
      stranger = strangerIn(state, look);
      if (result.problem !== undefined || stranger !== undefined) {
        problem = stranger ?? result.problem ?? problem;
        advice = stranger === undefined ? result.advice : STRANGER_HINT;
      }
      if (result.healthy && stranger === undefined) {
        rememberMain(state, look);
        return 'healthy';
      }
      await delay(interval);
      return undefined;
    },
    limitMs,
    state.closing,
  );
  if (ended === 'healthy' || ended === 'aborted') return;
  const lastLines = started?.instance.output() ?? [];
  if (ended === 'died' && started?.instance.ended !== undefined) {
    throw new ZerodropError(
      'target-died-at-start',
      `The target ended ${exitText(started.instance.ended)} before it was healthy.`,
      lastLines.length === 0
        ? 'Start the command by hand to see why; it printed nothing.'
        : 'See its last output for the reason; correct target.command or target.environment.',
      lastLines,
    );
  }
  throw new ZerodropError(
    'target-not-healthy',
    `The healthcheck ${method} ${origin}${path} did not pass within ${durationText(limitMs)}: ${problem}.`,
    advice ??
      (started === undefined || !problem.includes('ECONNREFUSED')
        ? undefined
        : elsewhereHint(openedBy(state.ours.look(true).processes), origin)) ??
      (started === undefined
        ? 'Start the target first, or correct target.url and target.healthcheck.path.'
        : /^status |body/.test(problem)
          ? 'It answers: correct target.healthcheck (path, method, headers, body), or say in its `expect` what is ' +
            'a good answer.'
          : 'Let the target listen on ${PORT}; correct target.healthcheck.path, or give it more time with ' +
            'target.healthcheck.start_period.'),
    lastLines,
  );
}

function rememberMain(state: State, look: Look): void {
  const main = mainOf(state, look.owners.length > 0 ? look : state.ours.look(true));
  if (main !== undefined) state.main = generationOf(main);
}

const NOTHING_SEEN = 'no healthcheck passed';

/** Waits until the healthcheck has passed `successes` times in a row. Rejects with StepFailure. */
export async function waitReady(state: State, watch: Watch, successes: number, withinMs: number): Promise<void> {
  const { successor } = state.restart;
  const { healthcheck } = state.setting.target;
  let inARow = 0;
  let problem = NOTHING_SEEN;
  let endedAtMs: number | undefined;
  const hasFailed = (): boolean => {
    const exit = successor?.instance.ended;
    if (exit === undefined) return false;
    endedAtMs ??= performance.now();
    return (
      exit.by === 'signal' ||
      exit.code !== 0 ||
      (performance.now() - endedAtMs > DAEMON_WITHIN_MS && !hasSuccessor(state))
    );
  };
  const passed = await until(
    async () => {
      if (hasFailed()) return true;
      const {
        healthy,
        by,
        problem: wrong,
      } = successor === undefined
        ? { ...(await probeOnce(state)), by: 'new' as const }
        : await probeSuccessor(state, watch);
      const stranger = strangerIn(state, state.ours.look());
      if (stranger !== undefined) {
        inARow = 0;
        problem = stranger;
      } else if (healthy) {
        if (by === 'new') inARow += 1;
        // What the successor itself has said tells more.
        else if (inARow === 0 && problem === NOTHING_SEEN) problem = 'only the old instance was seen to answer';
      } else if (by !== 'old') {
        inARow = 0;
        const asked = `${healthcheck.method} ${state.setting.origin}${healthcheck.path}`;
        problem = `the healthcheck ${asked} says: ${wrong ?? 'not healthy'}`;
      }
      if (inARow >= successes) return true;
      await delay(Math.min(healthcheck.interval, withinMs));
      return false;
    },
    withinMs,
    state.closing,
  );
  const last = state.ours.look(true);
  const stranger = strangerIn(state, last);
  if (successor?.instance.ended !== undefined && hasFailed()) {
    state.lanes.gone({ exit: successor.instance.ended, output: successor.instance.output() }, successor.lane);
    throw new StepFailure(
      `The new instance ended ${exitText(successor.instance.ended)} before it was ` +
        `ready${stranger === undefined ? '' : `: ${stranger}`}${lastLinesText(successor.instance.output())}.`,
      stranger !== undefined
        ? STRANGER_HINT
        : oldListens(state, last)
          ? 'See its last output for the reason. The old instance still listens: a successor can bind the same port ' +
            'only when both set SO_REUSEPORT before they bind.'
          : 'See its last output for the reason; a target that starts once must also start right ' +
            'after its predecessor has ended.',
    );
  }
  if (!passed) {
    throw new StepFailure(
      `The target was not ready within ${durationText(Math.round(withinMs))}: ${problem}.`,
      stranger !== undefined
        ? STRANGER_HINT
        : 'Look at its last output, or give it more time with the within of this step or restart.timeout.',
    );
  }
}

/** Who holds the port in place of the target, if zerodrop started one; undefined when nobody is seen to. */
export function strangerIn(state: State, look: Look): string | undefined {
  const { endpoint } = state.setting;
  return isOwn(state) && endpoint !== undefined ? strangerText(look, endpoint.port) : undefined;
}

/** Notes that the new generation serves. */
export function becameReady(state: State, watch: Watch): void {
  // An answer came, so somebody listens: what was read a moment ago would be too old.
  const { look } = watch.tick(true);
  const { successor } = act(state, { kind: 'serve' });
  if (successor !== undefined) {
    state.main = successor.instance.ended === undefined ? successor.instance.generation : undefined;
  }
  const main = mainOfNew(state, look);
  if (main !== undefined) state.main = generationOf(main);
  state.lanes.ready(state.main);
  watch.say('ready');
}
