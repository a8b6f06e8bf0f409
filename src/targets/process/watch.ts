/**
 * The moments of a restart, told as they are seen.
 *
 * Rule: looks only while a restart is under way, and at its end more slowly until everything old is gone. Each moment
 * is told once.
 */
import type { RestartMoment } from '../../model/event.ts';
import type { Look } from '../../processes/ours.ts';
import { generationOf, isAlive, processOf, type Generation, type ProcessStat } from '../../processes/proc.ts';
import { exitOf, newOwnersOf, newWorkersOf, oldListens, rootOf, type State } from './state.ts';
import { LOOK_EVERY_MS } from '../../processes/wait.ts';

const AFTERWARDS_EVERY_MS = 100;

export interface Watch {
  begin(): void;
  /**
   * Looks, and tells what has come to pass. Returns what was seen, and who is new: owners of the socket, or workers.
   */
  tick(thorough?: boolean): { look: Look; newcomers: ProcessStat[] };
  /** Tells a moment that cannot be seen by looking alone. */
  say(moment: RestartMoment, agoMs?: number): void;
  /** The restart has ended; what is left of the old one may take its time. */
  slowDown(): void;
  end(): void;
}

export function watchRestarts(state: State): Watch {
  const { chronicle, lanes } = state;
  const said = new Set<RestartMoment>();
  let firstSeenMs = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const say = (moment: RestartMoment, agoMs?: number): void => {
    if (said.has(moment)) return;
    said.add(moment);
    chronicle.moment(moment, agoMs);
  };
  const tick = (thorough = false): ReturnType<Watch['tick']> => {
    const look = state.ours.look(thorough);
    // Until it is known who is old, everybody would be new, and what the restart before left would be gone.
    if (state.restart.phase === 'looking') return { look, newcomers: [] };
    const newcomers = newcomersIn(look);
    const { main, owners } = state.restart.old;
    // A main process that executes another program has ended as what it was, but its workers may yet have to. It may do
    // so while we look.
    const gone = main !== undefined && ![main, ...owners].some(isAlive);
    if (owners.length > 0 && (gone || !oldListens(state, look))) {
      lanes.draining();
      say('not-accepting');
    }
    if (gone) tellGone(main);
    if (newcomers.length > 0) {
      const root = rootOf(newcomers, look);
      if (!lanes.hasNew()) lanes.started(root === undefined ? undefined : generationOf(root));
      say('listening');
    }
    return { look, newcomers };
  };
  const tellGone = (main: Generation): void => {
    const details = exitOf(state, main);
    const isChild = state.instances.some(({ instance }) => instance.pid === main.pid);
    const livesOn = processOf(main.pid)?.startTicks === main.startTicks;
    // Our own child is seen gone a moment before its exit is reported: the lane waits for that.
    if (!isChild || livesOn || details.exit !== undefined) lanes.gone(details);
    say('gone');
  };
  /**
   * A helper that the old process starts holds the listening socket between fork and exec: a newcomer that we did not
   * start must have been there for a moment.
   */
  const newcomersIn = (look: Look): ProcessStat[] => {
    const nowMs = performance.now();
    const found = [...newOwnersOf(state, look), ...newWorkersOf(state, look)];
    firstSeenMs = new Map(found.map((process) => [keyOf(process), firstSeenMs.get(keyOf(process)) ?? nowMs]));
    return found.filter(
      (process) =>
        process.group === state.restart.successor?.instance.pid ||
        nowMs - (firstSeenMs.get(keyOf(process)) as number) >= LOOK_EVERY_MS,
    );
  };
  const every = (ms: number): void => {
    clearInterval(timer);
    timer = setInterval(() => {
      tick();
      if (said.has('gone') && said.has('listening') && said.has('not-accepting')) clearInterval(timer);
    }, ms);
    timer.unref();
  };
  return {
    begin() {
      said.clear();
      firstSeenMs.clear();
      every(LOOK_EVERY_MS);
    },
    tick,
    say,
    slowDown: () => {
      every(AFTERWARDS_EVERY_MS);
    },
    end: () => {
      clearInterval(timer);
    },
  };
}

const keyOf = ({ pid, startTicks, image }: ProcessStat): string => `${pid}/${startTicks}/${image}`;
