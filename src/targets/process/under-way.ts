/**
 * A restart under way, as one value: how far it has come, who was old, what was started and what was sent.
 *
 * Rule: it changes by the acts of the table alone, each of which gives a new value. An act that the table does not have
 * is a bug of ours and throws. A wait that was given up, since something else is done before it ended, has failed.
 */
import type { Generation } from '../../processes/proc.ts';
import type { Started } from './instance.ts';
import type { Worker } from './worker.ts';

/** What served when the restart began. */
export interface Old {
  main: Generation | undefined;
  /** Holders of the listening socket. */
  owners: Generation[];
  /** Processes below the main one. */
  workers: Worker[];
  /** All processes of the target. */
  all: Generation[];
  identities: string[];
  /** What the witness said, where it was asked. */
  witnessed: string | undefined;
}

export const PHASES = [
  /** No restart yet: the target runs for the first time. */
  'none',
  /** It is seen who is old. */
  'looking',
  'begun',
  /** An instance was started. */
  'started',
  /** A signal was sent, or a command was run. */
  'sent',
  /** It is waited until a new generation serves. */
  'waiting',
  'serving',
  /** The wait failed. */
  'failed',
  /** The steps are done; what is old may still be ending. */
  'over',
] as const;
export type Phase = (typeof PHASES)[number];

export type Act =
  | { kind: 'begin' }
  | { kind: 'found'; old: Old }
  | { kind: 'start'; started: Started }
  | { kind: 'signal'; signal: NodeJS.Signals }
  | { kind: 'run' }
  | { kind: 'wait' }
  | { kind: 'serve' }
  | { kind: 'fail' }
  | { kind: 'end' };

export interface UnderWay {
  readonly phase: Phase;
  readonly old: Old;
  /** The instance that was started in this restart. */
  readonly successor: Started | undefined;
  /** The signal that was sent last. */
  readonly signal: NodeJS.Signals | undefined;
  /** A command of the user ran; it may have sent signals that we do not know of. */
  readonly ranCommand: boolean;
  /** A new generation was seen to serve. */
  readonly served: boolean;
  /** A wait for it failed. */
  readonly failed: boolean;
}

type Row = Readonly<Partial<Record<Act['kind'], Phase>>>;

/** What the steps of a restart may do, in any order. */
const STEPS: Row = { start: 'started', signal: 'sent', run: 'sent', wait: 'waiting', end: 'over' };

/** The phase after an act, by the phase before it. */
export const TRANSITIONS: Readonly<Record<Phase, Row>> = {
  none: { begin: 'looking' },
  looking: { found: 'begun' },
  begun: STEPS,
  started: STEPS,
  sent: STEPS,
  waiting: { ...STEPS, serve: 'serving', fail: 'failed' },
  serving: STEPS,
  failed: STEPS,
  over: { begin: 'looking' },
};

const NOTHING_DONE = { successor: undefined, signal: undefined, ranCommand: false, served: false, failed: false };

/** Before the first restart. */
export const NO_RESTART: UnderWay = {
  phase: 'none',
  old: { main: undefined, owners: [], workers: [], all: [], identities: [], witnessed: undefined },
  ...NOTHING_DONE,
};

/** The restart after an act. Throws when the act is not one of its phase. */
export function afterAct(restart: UnderWay, act: Act): UnderWay {
  const phase = TRANSITIONS[restart.phase][act.kind];
  if (phase === undefined) throw new Error(`a restart in the phase ${restart.phase} has no act ${act.kind}`);
  const isGivenUp = restart.phase === 'waiting' && act.kind !== 'serve';
  return { ...restart, ...(isGivenUp ? { failed: true } : {}), ...changesBy(act), phase };
}

function changesBy(act: Act): Partial<UnderWay> {
  switch (act.kind) {
    case 'begin':
      return NOTHING_DONE;
    case 'found':
      return { old: act.old };
    case 'start':
      return { successor: act.started };
    case 'signal':
      return { signal: act.signal };
    case 'run':
      return { ranCommand: true };
    case 'serve':
      return { served: true };
    case 'fail':
      return { failed: true };
    case 'wait':
    case 'end':
      return {};
  }
}

/** Whether its steps are not done yet: until then a target that ends may do so because of them. */
export const isUnderWay = ({ phase }: UnderWay): boolean => phase !== 'none' && phase !== 'over';
