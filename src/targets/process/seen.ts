/**
 * A target whose processes are seen, whoever started it: what the kinds `process` and `attached` share.
 *
 * Rule: looks and tells; starts and ends nothing.
 */
import type { Chronicle } from '../../model/control.ts';
import type { Command } from '../../model/step.ts';
import { exitText, lastLinesText } from '../../processes/exit.ts';
import { trackOurs, type Claim } from '../../processes/ours.ts';
import { generationOf, isAlive, sampleOf, type Generation, type ProcessSample } from '../../processes/proc.ts';
import type { Death } from '../target.ts';
import { openWitness } from '../witness.ts';
import { openFreezer, type Freezer } from './freeze.ts';
import { openInstanceIds } from './instance-ids.ts';
import { openLanes } from './lanes.ts';
import type { Setting } from './setting.ts';
import { exitOf, mainOf, servingOf, type State } from './state.ts';
import { isUnderWay, NO_RESTART } from './under-way.ts';
import { watchRestarts, type Watch } from './watch.ts';

export interface SeenOptions {
  setting: Setting;
  witness: Command | undefined;
  chronicle: Chronicle;
  /** By what its processes are recognised now. */
  claim: () => Claim;
  /** Called when a process of it was found. */
  found: () => void;
  /** Called before anything is frozen, and when it runs again. */
  frozen: (processes: readonly Generation[]) => void;
}

export interface Seen {
  state: State;
  watch: Watch;
  freezer: Freezer;
  /** Resolves when it dies outside of a restart, once `watchDeath` was called. */
  died: Promise<Death>;
  watchDeath(): void;
  /** What the serving processes use; undefined when they cannot be seen. */
  sample(): ProcessSample | undefined;
  /** Looks no more: every wait ends, and what is frozen goes on. */
  end(): void;
}

const DEATH_CHECK_EVERY_MS = 250;

export function openSeen({ setting, witness, chronicle, claim, found, frozen }: SeenOptions): Seen {
  const ending = new AbortController();
  const idOf = openInstanceIds();
  const state: State = {
    setting,
    witness: witness === undefined ? undefined : openWitness(witness, setting),
    chronicle,
    idOf,
    lanes: openLanes(chronicle, idOf),
    ours: trackOurs(claim, found),
    closing: ending.signal,
    instances: [],
    main: undefined,
    restart: NO_RESTART,
  };
  const watch = watchRestarts(state);
  const freezer = openFreezer(frozen);
  const { promise: died, resolve: die } = newPromise<Death>();
  let deathCheck: NodeJS.Timeout | undefined;
  const checkDeath = (): void => {
    const death = deathIn(state);
    if (death === undefined) return;
    clearInterval(deathCheck);
    die(death);
  };
  return {
    state,
    watch,
    freezer,
    died,
    watchDeath() {
      // A target on another machine cannot be seen dying: its traffic tells.
      if (state.main !== undefined) deathCheck = setInterval(checkDeath, DEATH_CHECK_EVERY_MS).unref();
    },
    sample() {
      const serving = servingOf(state.ours.look());
      return serving.length === 0 ? undefined : sampleOf(serving);
    },
    end() {
      ending.abort();
      clearInterval(deathCheck);
      watch.end();
      freezer.thaw();
    },
  };
}

/** How the target died, when it has and no restart is under way. */
function deathIn(state: State): Death | undefined {
  if (isUnderWay(state.restart) || (state.main !== undefined && isAlive(state.main))) return undefined;
  const main = mainOf(state, state.ours.look(true));
  if (main !== undefined) {
    state.main = generationOf(main);
    return undefined;
  }
  const details = exitOf(state, state.main);
  state.lanes.gone(details, state.instances.at(-1)?.lane);
  const how = `${details.exit === undefined ? '' : ` ${exitText(details.exit)}`}${lastLinesText(details.output ?? [])}`;
  return state.restart.failed
    ? {
        message: `Nothing of the target was left after a restart that failed; it ended${how}.`,
        hint: 'See the step that failed. A target that cannot start its successor does best to go on serving.',
      }
    : {
        message: `The target exited on its own${how}.`,
        hint: 'It ended outside of a restart, under load: see its last output for the reason.',
      };
}

function newPromise<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
