/**
 * Every request that was not answered, with its place in the run: restart, phase, instance, and one line on what
 * happened.
 *
 * Rule: all of them, not a sample; the harness's own (`unsent`) too.
 */
import type { EventOf, Story } from '../../model/event.ts';
import type { InstanceId } from '../../model/instance-id.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { SentinelName } from '../../model/sentinel.ts';
import { causeOf } from './cause.ts';
import { heldUpIn, heldUpMs, type HeldUp } from './lateness.ts';
import { phaseIn, phaseOf, type Phase } from './phases.ts';
import { storyAtMs, type SessionRecording } from '../fold/recording.ts';
import type { SessionTally } from './tally.ts';
import { msText } from '../conclude/wording.ts';

/** One arrival or sentinel that was not answered. */
export interface JudgedFailure {
  arm: string;
  session: number;
  /** Index of the restart in its arm; null in quiet time. */
  restart: number | null;
  /** What the restart had reached when it happened: when it ended, or for a timeout when it was sent. */
  phase: Phase;
  /** The instance that answered, had the connection, or should have taken it; null when that is not known. */
  instance: InstanceId | null;
  /** Name of the stream; null for a sentinel. */
  stream: string | null;
  sentinel: SentinelName | null;
  /** Number of the arrival in its stream, or of the sentinel. */
  number: number;
  outcome: Outcome;
  story: Story;
  /** When it was due and when it ended, ms since the run's start. */
  dueAtMs: number;
  endAtMs: number;
  /**
   * For how long zerodrop itself stalled before it wrote, where that may be why it met the end of its connection;
   * otherwise 0.
   */
  heldUpMs: number;
  /** One line: what happened. */
  cause: string;
}

/** The failures of a session in the order of their due moments. */
export function failuresOf({ session, windows, placements }: SessionTally): JudgedFailure[] {
  const heldUp = heldUpIn(session);
  const positions = new Map(session.streams.map(({ name }, position) => [name, position]));
  const ofArrivals = session.failures.map((failure) => {
    const placement = placements[positions.get(failure.stream) ?? -1]?.[failure.seq] ?? -1;
    return judged(session, heldUp, failure, windows[placement]?.restart.restart, {
      stream: failure.stream,
      sentinel: null,
      number: failure.seq,
    });
  });
  const ofSentinels = session.sentinels
    .filter(({ outcome }) => outcome !== 'answered')
    .map((failure) =>
      judged(session, heldUp, failure, failure.restart, {
        stream: null,
        sentinel: failure.sentinel,
        number: failure.index,
      }),
    );
  return [...ofArrivals, ...ofSentinels].sort((one, other) => one.dueAtMs - other.dueAtMs);
}

function judged(
  session: SessionRecording,
  heldUp: readonly HeldUp[],
  { outcome, story }: EventOf<'failure'> | EventOf<'sentinel'>,
  restartNumber: number | undefined,
  source: Pick<JudgedFailure, 'stream' | 'sentinel' | 'number'>,
): JudgedFailure {
  const restart = session.restarts.find((candidate) => candidate.restart === restartNumber);
  const atMs = storyAtMs(session, outcome === 'timeout' ? (story.sentMs ?? story.dueMs) : story.endMs);
  const phase = restart === undefined ? phaseOf(session, atMs).phase : phaseIn(restart, atMs);
  const lateMs = heldUpMs(session, heldUp, outcome, story);
  return {
    arm: session.arm,
    session: session.session,
    restart: restart?.index ?? null,
    phase,
    instance: instanceOf(session, story),
    ...source,
    outcome,
    story,
    dueAtMs: storyAtMs(session, story.dueMs),
    endAtMs: storyAtMs(session, story.endMs),
    heldUpMs: lateMs,
    cause:
      causeOf(outcome, story, phase) +
      (lateMs > 0 ? ` zerodrop itself stalled for ${msText(lateMs)} before it wrote.` : ''),
  };
}

/** The instance that answered, or had the connection; null where that cannot be told. */
function instanceOf(session: SessionRecording, story: Story): InstanceId | null {
  const openedMs =
    story.writtenMs !== undefined && story.ageMs !== undefined ? story.writtenMs - story.ageMs : story.connectedMs;
  const isFleet = session.instances.some(({ name }) => name !== undefined);
  if (isFleet) return instanceBehindDoorOf(session, story, openedMs);
  return openedMs === undefined ? null : onlyInstanceAt(session, storyAtMs(session, openedMs));
}

/** Behind a front door only the answer itself tells, or a door that knows whom it gave the connection to. */
function instanceBehindDoorOf(
  session: SessionRecording,
  { identity, backend, endMs }: Story,
  openedMs = endMs,
): InstanceId | null {
  const answeredBy = identity === undefined ? undefined : session.identities[identity];
  const openedAtMs = storyAtMs(session, openedMs);
  const known =
    answeredBy !== undefined
      ? session.instances.find((event) => event.identity === answeredBy)
      : backend !== undefined
        ? session.instances.findLast(
            ({ name, state, atMs }) => name === backend && state === 'started' && atMs <= openedAtMs,
          )
        : undefined;
  return known?.id ?? null;
}

/** The only instance that was there at a moment (ms since the run's start); null when there was none, or several. */
function onlyInstanceAt(session: SessionRecording, momentMs: number): InstanceId | null {
  const there = new Map<number, InstanceId | undefined>();
  for (const { atMs, instance, state, id } of session.instances) {
    if (atMs > momentMs) continue;
    if (state === 'gone') there.delete(instance);
    else there.set(instance, id ?? there.get(instance));
  }
  const [only, ...others] = there.values();
  return others.length === 0 ? (only ?? null) : null;
}
