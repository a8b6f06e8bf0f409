/**
 * What is known of a running fleet.
 *
 * Rule: who is old is fixed when a restart begins; whatever is started after that is new.
 */
import type { Chronicle } from '../../model/control.ts';
import type { Fleet, FrontOptions } from '../../model/fleet.ts';
import type { FrontDoor } from '../../model/front.ts';
import type { Target } from '../../model/scenario.ts';
import type { Variables } from '../../processes/command.ts';
import type { Instance } from '../process/instance.ts';
import type { IdOf } from '../process/instance-ids.ts';
import type { Group } from '../../processes/group.ts';
import type { Ours } from '../../processes/ours.ts';
import type { Setting } from '../process/setting.ts';
import type { Probing } from './probing.ts';

/** One instance of the fleet: a place that keeps its port while the process in it may be started again. */
export interface Replica {
  readonly name: string;
  readonly setting: Setting;
  readonly environment: NodeJS.ProcessEnv;
  instance: Instance;
  /** Number of its process in the log. */
  lane: number;
  ready: boolean;
  /** When it became ready, ms of performance.now(). */
  readySinceMs: number;
  wasReady: boolean;
  /** On its way out; resolves when it is gone. */
  ending: Promise<void> | undefined;
  gone: boolean;
  /** Started again also when it ends before it was ever ready. */
  readonly patient: boolean;
  /** How it ended before it was ever ready, in words, when it is not patient. */
  failure: string | undefined;
  /** How it last exited on its own, in words. */
  lastWords: string | undefined;
  identity: string | undefined;
  probings: Probing[];
  /** Killed by its liveness probe: it is started again. */
  condemned: boolean;
  crashes: number;
}

export interface FleetState {
  readonly target: Target;
  readonly fleet: Fleet;
  readonly front: FrontOptions;
  readonly door: FrontDoor;
  readonly token: string;
  readonly variables: Variables;
  readonly chronicle: Chronicle;
  readonly ours: Ours;
  readonly idOf: IdOf;
  readonly closing: AbortSignal;
  /** All that are not gone. */
  readonly replicas: Set<Replica>;
  /** Those that were there when the restart began. */
  old: ReadonlySet<Replica>;
  /** The share of the new set; undefined when every instance counts alike. */
  share: number | undefined;
  restarting: boolean;
  nextLane: number;
  nextName: number;
  addGroup(group: Group): void;
  /** A replica keeps exiting on its own. */
  die(message: string, hint: string): void;
  /** Who is ready has changed: the front door is to know. */
  changed(): Promise<void>;
}

export const isThere = ({ ending, gone, failure }: Replica): boolean =>
  ending === undefined && !gone && failure === undefined;

/** Old or new instances that are not on their way out. */
export function members({ replicas, old }: FleetState, which: 'old' | 'new'): Replica[] {
  return [...replicas].filter((replica) => isThere(replica) && old.has(replica) === (which === 'old'));
}
