/**
 * The instances as the log tells them: one lane each, from started over ready and draining to gone.
 *
 * Rule: a lane is a generation of the target, not always a process that zerodrop spawned: a successor that the target
 * started itself, or a new set of workers, has a lane too. Each state is told once.
 */
import type { Chronicle } from '../../model/control.ts';
import type { EventOf, Exit } from '../../model/event.ts';
import type { InstanceId } from '../../model/instance-id.ts';
import type { Generation } from '../../processes/proc.ts';
import type { IdOf } from './instance-ids.ts';

type State = EventOf<'instance'>['state'];

export interface Lanes {
  /** A restart begins: the newest lane is the old one from here on. */
  begin(): void;
  /** Opens a lane and returns its number. */
  started(generation?: Generation): number;
  /** Whether a lane was opened since `begin`. */
  hasNew(): boolean;
  ready(generation?: Generation): void;
  draining(): void;
  /** The old one is gone, or the lane of this number. */
  gone(details?: { exit?: Exit; output?: string[] }, lane?: number): void;
}

export function openLanes(chronicle: Chronicle, idOf: IdOf): Lanes {
  let newest = -1;
  let old = -1;
  const told = new Set<string>();
  const tell = (
    instance: number,
    state: State,
    details: { id?: InstanceId; exit?: Exit; output?: string[] } = {},
  ): void => {
    const key = `${instance}/${state}`;
    if (instance < 0 || told.has(key) || told.has(`${instance}/gone`)) return;
    told.add(key);
    chronicle.instance({ instance, state, atMs: chronicle.nowMs(), ...details });
  };
  return {
    begin() {
      old = newest;
    },
    started(generation) {
      newest += 1;
      tell(newest, 'started', generation === undefined ? {} : { id: idOf(generation) });
      return newest;
    },
    hasNew: () => newest > old,
    ready: (generation) => {
      tell(newest, 'ready', generation === undefined ? {} : { id: idOf(generation) });
    },
    draining: () => {
      tell(old, 'draining');
    },
    gone: (details, lane = old) => {
      tell(lane, 'gone', details);
    },
  };
}
