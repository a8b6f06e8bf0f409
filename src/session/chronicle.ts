/**
 * What the doing side tells of a session: written to the log, and told to the agent where its sentinels act on it.
 *
 * Rule: a moment belongs to the restart under way. Where instances end one by one, the sentinels are not told when the
 * restart begins, which touches no connection yet, but when the old instances that have their connections are ended.
 */
import type { Chronicle } from '../model/control.ts';
import type { Event } from '../model/event.ts';
import type { SentinelPhase } from '../model/plan.ts';

/** What the chronicle of a session needs to know of it. */
export interface Scene {
  session: number;
  /** Of its target. */
  endsByInstance: boolean;
  write: (event: Event) => void;
  /** ms since the run's start. */
  nowMs: () => number;
  /** The restart under way. */
  restart: number | undefined;
  /** `localPorts`: only the sentinels with a connection from one of these are meant. */
  tellAgent: (restart: number, phase: SentinelPhase, localPorts?: readonly number[]) => void;
}

/** The moments that an agent is told of, for its sentinels. */
const TOLD: readonly SentinelPhase[] = ['frozen', 'signalled', 'ready', 'gone', 'completed'];

export function chronicleOf(scene: Scene): Chronicle {
  const { session, write, nowMs } = scene;
  return {
    nowMs,
    instance: (event) => write({ kind: 'instance', session, ...event }),
    moment(moment, agoMs = 0) {
      if (scene.restart === undefined) return;
      write({ kind: 'restart', session, restart: scene.restart, moment, atMs: nowMs() - agoMs });
      const told = TOLD.find((phase) => phase === moment);
      if (told !== undefined && !(scene.endsByInstance && told === 'signalled')) scene.tellAgent(scene.restart, told);
    },
    ending(localPorts) {
      if (scene.restart !== undefined) scene.tellAgent(scene.restart, 'signalled', localPorts);
    },
    step(event) {
      if (scene.restart !== undefined) write({ kind: 'step', session, restart: scene.restart, ...event });
    },
    fact(fact) {
      write({
        kind: 'fact',
        session,
        ...(scene.restart === undefined ? {} : { restart: scene.restart }),
        atMs: nowMs(),
        ...fact,
      });
    },
  };
}
