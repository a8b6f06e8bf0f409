/**
 * The steps of canaries, judged again.
 *
 * Rule: whether a step was good enough is judged from what was seen of it, and never taken from the judgement that was
 * made while it ran. That one decided only what the restart did next.
 */
import type { EventOf } from '../../model/event.ts';
import type { Recording, SessionRecording } from '../fold/recording.ts';
import { canaryAnswerOf } from './canary.ts';

/** The recording with the facts that its steps of canaries are now, in place of those that were written for them. */
export function withCanariesJudged(recording: Recording): Recording {
  return { ...recording, sessions: recording.sessions.map((session) => ({ ...session, facts: factsOf(session) })) };
}

function factsOf(session: SessionRecording): EventOf<'fact'>[] {
  const { facts, canaries } = session;
  if (canaries.length === 0) return facts;
  const again = canaries.filter((canary) => isInTime(session, canary)).flatMap(factOf);
  return [...facts.filter(({ judged }) => judged !== true), ...again].sort((one, other) => one.atMs - other.atMs);
}

/** A step that its restart did not wait for has failed for that, and is no canary any more. */
function isInTime({ restarts }: SessionRecording, { restart, atMs }: EventOf<'canary'>): boolean {
  return atMs <= (restarts.find((one) => one.restart === restart)?.moments.completed ?? Infinity);
}

function factOf({ session, restart, atMs, ...facts }: EventOf<'canary'>): EventOf<'fact'>[] {
  const { verdict, message, hint } = canaryAnswerOf(facts);
  if (verdict === 'pass') return [];
  const code = verdict === 'fail' ? 'step-failed' : 'step-inconclusive';
  return [{ kind: 'fact', session, restart, atMs, code, message, hint, judged: true }];
}
