/**
 * Waiting until the target has replaced itself: the proof of a restart that the target does on its own.
 *
 * Rule: a new generation must hold the socket, and be seen to accept while the old one still holds it (or a main
 * process that stays must have new workers for old ones, or a lone process another identity), the healthcheck must
 * pass, and with an identity header several probes in a row must meet none of the old identities. Where nothing of that
 * can be seen, or the processes stay, a witness must say something else than before. A restart that silently
 * did not happen is a failure that says so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '../../model/control.ts';
import { durationText } from '../../model/units.ts';
import type { Probe } from '../healthcheck.ts';
import { exitText, lastLinesText } from '../../processes/exit.ts';
import type { Look } from '../../processes/ours.ts';
import { commandLineOf, isAlive } from '../../processes/proc.ts';
import { strangerIn } from './ready.ts';
import { isOwn, newOwnersOf, oldListens, probeOnce, type State } from './state.ts';
import { STRANGER_HINT } from './stranger.ts';
import { listensApart, probeApart, type Answerer } from './successor.ts';
import { untilOutcome } from '../../processes/wait.ts';
import type { Watch } from './watch.ts';

/** Probes in a row that must meet only new identities. */
const NEW_IN_A_ROW = 5;
/** What keeps an old process alive, most often. */
export const STILL_BUSY =
  'Open connections may keep it alive: let it close idle ones and answer with "Connection: close" while it ' +
  'drains, or raise restart.timeout.';
/** A target of which no process is left for so long does not come back on its own. */
const DEAD_AFTER_MS = 1000;

/**
 * What holds the shared socket for so long and accepts nothing may be served by another: one process accepts for all,
 * and stays.
 */
const RELAYED_AFTER_MS = 5000;

/** Waits until a generation that is not old answers. Rejects with StepFailure. */
export async function waitReplaced(state: State, watch: Watch, withinMs: number): Promise<void> {
  const {
    setting,
    restart: { old },
  } = state;
  const seesOwners = old.owners.length > 0;
  if (!seesOwners && old.identities.length === 0 && old.witnessed === undefined) {
    throw new StepFailure(
      'The old instance cannot be distinguished from a new one: the processes behind the port cannot be seen from ' +
        'here, and no answer had an identity.',
      'Let the target answer with a header that differs from instance to instance and name it in ' +
        'target.identity.header, or name a command whose output changes in target.identity.command.',
    );
  }
  let problem: Problem = { kind: 'same-generation' };
  let emptySinceMs: number | undefined;
  let inARow = 0;
  let heldSinceMs: number | undefined;
  const ended = await untilOutcome(
    async () => {
      const { look, newcomers } = watch.tick();
      if (isOwn(state)) {
        emptySinceMs = look.processes.length === 0 ? (emptySinceMs ?? performance.now()) : undefined;
        if (emptySinceMs !== undefined && performance.now() - emptySinceMs > DEAD_AFTER_MS) return 'dead';
      }
      const stranger = strangerIn(state, look);
      if (stranger !== undefined) {
        problem = { kind: 'stranger', text: stranger };
        inARow = 0;
        return undefined;
      }
      const staysInPlace = seesOwners && newcomers.length === 0;
      const saysNew = staysInPlace && old.witnessed !== undefined && isOther(state, await saidNow(state));
      if (staysInPlace && !saysNew && !isAlone(state, look)) {
        inARow = 0;
        return undefined;
      }
      const {
        by,
        apart = false,
        ...result
      }: Newcomer = staysInPlace || old.identities.length > 0
        ? await probeOnce(state)
        : await probeNewcomer(state, look);
      if (!result.healthy) {
        inARow = 0;
        if (!staysInPlace) problem = { kind: 'not-healthy', text: result.problem ?? 'not healthy' };
        await delay(Math.min(setting.target.healthcheck.interval, withinMs));
        return undefined;
      }
      if (saysNew) return 'reloaded';
      if (by === 'old' || by === 'nobody' || (by === 'unseen' && apart)) {
        heldSinceMs ??= performance.now();
        problem = { kind: 'only-old', apart };
        if (apart || performance.now() - heldSinceMs < RELAYED_AFTER_MS) return undefined;
      }
      if (old.identities.length === 0) {
        if (seesOwners) return 'replaced';
        const said = await saidNow(state);
        if (isOther(state, said)) return 'replaced';
        problem = { kind: 'same-witness', text: said };
        return undefined;
      }
      const isNew = result.identity !== undefined && !old.identities.includes(result.identity);
      inARow = isNew ? inARow + 1 : 0;
      if (!isNew && !staysInPlace) problem = { kind: 'old-identity', identity: result.identity };
      if (inARow < NEW_IN_A_ROW) return undefined;
      return staysInPlace ? 'reloaded' : 'replaced';
    },
    withinMs,
    state.closing,
  );

  if (ended === 'dead') throw deadFailure(state);
  if (ended === undefined) throw notReplaced(state, problem, withinMs);
  if (ended === 'reloaded') {
    state.lanes.draining();
    state.lanes.gone();
    state.lanes.started(old.main);
    watch.say('gone');
  }
}

/** A healthcheck, and who answered it: undefined where that is no question. */
interface Newcomer extends Probe {
  by?: Answerer | undefined;
  /** The new generation listens on a socket of its own. */
  apart?: boolean;
}

/** Asks once, and tells whose answer it was where old and new share the listening socket, or have one each. */
async function probeNewcomer(state: State, look: Look): Promise<Newcomer> {
  if (!oldListens(state, look) || newOwnersOf(state, look).length === 0) return probeOnce(state);
  return { ...(await probeApart(state)), apart: listensApart(state, look) };
}

/**
 * Whether one process with one identity served and is still the only one: another identity then proves that it has
 * reloaded in place. (Of several workers one may not have been met before.)
 */
function isAlone({ restart: { old } }: State, look: Look): boolean {
  return old.identities.length === 1 && old.all.length === 1 && look.processes.length === 1 && old.all.every(isAlive);
}

const saidNow = async ({ witness, closing }: State): Promise<string | undefined> => witness?.(closing);

/** Whether the witness says something else than before: that proves a reload within one process, too. */
const isOther = ({ restart: { old } }: State, said: string | undefined): boolean =>
  said !== undefined && said !== old.witnessed;

type Problem =
  | { kind: 'same-generation' }
  | { kind: 'only-old'; apart: boolean }
  | { kind: 'same-witness'; text: string | undefined }
  | { kind: 'not-healthy'; text: string }
  | { kind: 'stranger'; text: string }
  | { kind: 'old-identity'; identity: string | undefined };

/**
 * Whether the restart has begun and waits for old workers: a process that is new, and the old workers, when all of them
 * are there still.
 */
function heldUp({ restart: { old }, ours }: State): { successor: number; workers: number[] } | undefined {
  const known = new Set(old.all.map(({ pid }) => pid));
  const successor = ours.look(true).processes.find(({ pid }) => !known.has(pid));
  if (successor === undefined || old.workers.length === 0 || !old.workers.every(isAlive)) return undefined;
  return { successor: successor.pid, workers: old.workers.map(({ pid }) => pid) };
}

/** What proves a reload that keeps its processes, where nothing was named that does. */
function inPlaceHint({ restart: { old } }: State): string {
  if (!old.owners.some(isAlive)) return '';
  return old.witnessed === undefined
    ? ' If it reloads within one process, name what changes with every reload: an answer header in ' +
        'target.identity.header, or a command, such as one that prints a counter, in target.identity.command.'
    : ` The command in target.identity.command still says "${old.witnessed.slice(0, 40)}".`;
}

function deadFailure(state: State): StepFailure {
  const started = state.instances.at(-1)?.instance;
  const how = started?.ended === undefined ? '' : ` ${exitText(started.ended)}`;
  const { signal } = state.restart;
  const asked = signal === undefined ? '' : ` after ${signal}`;
  return new StepFailure(
    `The target ended${how}${asked}, and nothing took its place${lastLinesText(started?.output() ?? [])}.`,
    signal === undefined
      ? 'Look at its last output.'
      : `Let the target handle ${signal} by starting its successor, or name the signal that it expects ` +
          'in restart.signal.',
  );
}

function notReplaced(state: State, problem: Problem, withinMs: number): StepFailure {
  const {
    instances,
    restart: { old, signal },
  } = state;
  const limit = durationText(Math.round(withinMs));
  switch (problem.kind) {
    case 'same-generation': {
      const held = heldUp(state);
      if (held !== undefined) {
        return new StepFailure(
          `The restart is not done: a new process came (${held.successor}), but within ${limit} none of the old ` +
            `workers ended (${held.workers.join(', ')}).`,
          STILL_BUSY,
        );
      }
      const owner = old.owners[0];
      const who =
        owner === undefined
          ? 'nobody'
          : isAlive(owner)
            ? `process ${owner.pid} (${commandLineOf(owner.pid)})`
            : `process ${owner.pid}, which is gone`;
      return new StepFailure(
        `The restart did not happen: within ${limit} nothing new came to hold the port, which belonged to ` +
          `${who}${lastLinesText(instances.at(-1)?.instance.output() ?? [])}.`,
        (signal === undefined
          ? 'Check that the command really restarts this target.'
          : `Check that the target restarts itself on ${signal} and has not ignored it (nginx does so with ` +
            '"daemon off"); restart.signal names another one.') + inPlaceHint(state),
      );
    }
    case 'only-old':
      return new StepFailure(
        `A new generation ${problem.apart ? 'listens on a socket of its own' : 'holds the listening socket'}, ` +
          `but within ${limit} only the old one was seen to answer.`,
        problem.apart
          ? 'See whether the successor accepts: with SO_REUSEPORT it is given its share of the connections as ' +
              'soon as it listens.'
          : 'See whether the successor accepts on the socket that it was given, and raise restart.timeout if it ' +
              'only needs longer to start.',
      );
    case 'same-witness':
      return new StepFailure(
        problem.text === undefined
          ? `The command in target.identity.command failed, or printed nothing, for ${limit}.`
          : `The restart did not happen: after ${limit} it is still ${problem.text}.`,
        'Check that the command really restarts this target.',
      );
    case 'stranger':
      return new StepFailure(`The target was not seen to serve again within ${limit}: ${problem.text}.`, STRANGER_HINT);
    case 'not-healthy':
      return new StepFailure(
        `A new generation was not healthy within ${limit}: ${problem.text}.`,
        'Look at its last output, and at target.healthcheck.',
      );
    case 'old-identity':
      return new StepFailure(
        problem.identity === undefined
          ? `Within ${limit} no answer with a new identity was met; the last one carried none.`
          : `The old identity "${problem.identity}" still answered after ${limit}.`,
        'Check that the restart really happens, and that target.identity.header differs from instance to instance.',
      );
  }
}
